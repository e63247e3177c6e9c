import type { CommandSpec } from '../command-spec.ts'
import type { OptionSpec } from '../option-spec.ts'

/** One text that may stand in the place of the word that is being typed. */
export interface Candidate {
  readonly text: string
  readonly description: string
}

/** What the shell offers. */
export interface Completion {
  readonly candidates: readonly Candidate[]
  /** What it offers beside them: names of files, names of folders, or nothing. */
  readonly alsoOffers: 'nothing' | 'files' | 'folders'
}

/** The commands that exist, and the options that each of them takes beside its own. */
export interface CompletionTable {
  readonly commands: readonly CommandSpec[]
  readonly commonOptions: readonly OptionSpec[]
}

/**
 * Completes a command line.
 *
 * @param words what was typed after the program's name; the last one is being completed, and may be
 *   empty
 */
export function complete(table: CompletionTable, words: readonly string[]): Completion {
  const before = words.slice(0, -1)
  const current = words.at(-1) ?? ''
  const name = before.find((word) => !word.startsWith('-'))
  const command = table.commands.find((spec) => spec.name === name)
  if (command === undefined) return completeRoot(table, before, current)
  const options = [...command.options, ...table.commonOptions]
  const pending = optionAwaitingValue(options, before)
  if (pending !== undefined) return valuesOf(pending, current)
  const equals = current.startsWith('--') ? current.indexOf('=') : -1
  if (equals > 0) {
    const option = options.find((spec) => spec.name === current.slice(2, equals))
    return option ? valuesOf(option, current.slice(equals + 1)) : none
  }
  if (current.startsWith('-')) return matching(optionNames(options, before), current)
  const isArgumentGiven = hasArgument(options, before.slice(before.indexOf(command.name) + 1))
  return isArgumentGiven ? none : matching(argumentsOf(command), current)
}

const none: Completion = { candidates: [], alsoOffers: 'nothing' }

const help: Candidate = { text: 'help', description: 'show the help of a command' }

const rootOptions: readonly Candidate[] = [
  { text: '--help', description: 'show the commands' },
  { text: '--version', description: 'print the version' },
]

function completeRoot(
  { commands }: CompletionTable,
  before: readonly string[],
  current: string,
): Completion {
  const names = commands.map(({ name, summary }) => ({ text: name, description: summary }))
  if (before.length === 0) {
    return matching(current.startsWith('-') ? rootOptions : [...names, help], current)
  }
  return before.length === 1 && before[0] === 'help' ? matching(names, current) : none
}

/** The option whose value is being typed as a word of its own. */
function optionAwaitingValue(
  options: readonly OptionSpec[],
  before: readonly string[],
): OptionSpec | undefined {
  const last = before.at(-1) ?? ''
  const option = options.find((spec) => last === `--${spec.name}` || last === `-${spec.short}`)
  return option?.kind === 'flag' ? undefined : option
}

function hasArgument(options: readonly OptionSpec[], after: readonly string[]): boolean {
  return after.some(
    (word, index) =>
      !word.startsWith('-') && optionAwaitingValue(options, after.slice(0, index)) === undefined,
  )
}

function valuesOf(option: OptionSpec, current: string): Completion {
  if (option.kind === 'flag') return matching(truths, current)
  if (option.choices) {
    const candidates = option.choices.map((text) => ({ text, description: option.description }))
    return matching(candidates, current)
  }
  return { candidates: [], alsoOffers: option.holds ?? 'nothing' }
}

const truths: readonly Candidate[] = [
  { text: 'true', description: 'on' },
  { text: 'false', description: 'off' },
]

/** Options that may be given once are not offered twice. */
function optionNames(options: readonly OptionSpec[], before: readonly string[]): Candidate[] {
  const given = new Set(before.map((word) => word.split('=', 1)[0]))
  const offered = options.filter(
    ({ name, kind, isHidden }) => !isHidden && (isRepeatable(kind) || !given.has(`--${name}`)),
  )
  const candidates = offered.map(({ name, description }) => ({ text: `--${name}`, description }))
  return [...candidates, { text: '--help', description: 'show the help of this command' }]
}

function isRepeatable(kind: OptionSpec['kind']): boolean {
  return kind === 'list' || kind === 'array' || kind === 'map'
}

function argumentsOf({ argument }: CommandSpec): Candidate[] {
  if (argument === undefined) return []
  return argument.choices.map((text) => ({ text, description: argument.description }))
}

function matching(candidates: readonly Candidate[], current: string): Completion {
  return {
    candidates: candidates.filter(({ text }) => text.startsWith(current)),
    alsoOffers: 'nothing',
  }
}
