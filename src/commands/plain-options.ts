import type { System } from '../system/index.ts'
import { givenOptions, type OptionSource, type OptionValues } from './given-options.ts'
import { defaultOf, parserOf } from './option-parser.ts'
import { environmentVariable, environmentVariablePrefix } from './option-spec.ts'
import { InvalidValue } from './option-values.ts'
import type { PlainSpec, PlainTable } from './plain-table.ts'

/**
 * Reads a command line of which every word is `--name=value`, `--name` of a switch, or `--name` and a
 * value behind it: what kubeconfigs hold. Whatever else there is, mistakes included, is commander's
 * affair; where this one answers, commander would answer the same.
 *
 * @param words command line behind the name of the command
 * @param table options of the command
 * @param env variables that set an option when the command line does not; an empty one is as good as none
 * @returns undefined when the words are anything else
 */
export function plainOptions(
  words: readonly string[],
  table: PlainTable,
  env: System['env'],
): OptionValues | undefined {
  try {
    return read(words, table, env)
  } catch (error) {
    if (error instanceof InvalidValue) return undefined
    throw error
  }
}

interface Given {
  readonly value: unknown
  readonly source: OptionSource
  readonly parse: (text: string) => unknown
}

/**
 * There is no loop over the table unless it must be: loops of a hundred turns make a JavaScript engine think of
 * compiling them, which costs more than all of this.
 */
function read(
  words: readonly string[],
  table: PlainTable,
  env: System['env'],
): OptionValues | undefined {
  const given = new Map<string, Given>()
  const set = (name: string, text: string, source: OptionSource): void => {
    const spec = specOf(table, name)
    if (spec === undefined) return
    const parse = given.get(name)?.parse ?? checked(spec)
    given.set(name, { value: parse(text), source, parse })
  }
  for (let index = 0; index < words.length; index += 1) {
    const option = optionAt(words, index, table)
    if (option === undefined) return undefined
    set(option.name, option.text, 'command line')
    index += option.following
  }
  for (const name of mayBeSet(env) ? table.names : []) {
    const text = env[environmentVariable({ name })]
    if (text && !given.has(name)) set(name, text, 'environment')
  }
  return givenOptions(
    (name) => {
      const one = given.get(name)
      const spec = specOf(table, name)
      return one ? one.value : spec && defaultOf(spec)
    },
    (name) => given.get(name)?.source,
  )
}

function specOf({ names, specs }: PlainTable, name: string): PlainSpec | undefined {
  return specs[names.indexOf(name)]
}

/** Whether any option may be set in the environment. Windows does not mind upper and lower case. */
function mayBeSet(env: System['env']): boolean {
  const names = `\n${Object.keys(env).join('\n')}`.toUpperCase()
  return names.includes(`\n${environmentVariablePrefix}`)
}

interface PlainOption {
  readonly name: string
  readonly text: string
  /** How many words behind the option belong to it. */
  readonly following: 0 | 1
}

function optionAt(
  words: readonly string[],
  index: number,
  table: PlainTable,
): PlainOption | undefined {
  const word = words[index] ?? ''
  if (!word.startsWith('--')) return undefined
  const at = word.indexOf('=')
  const name = at < 0 ? word.slice(2) : word.slice(2, at)
  const spec = specOf(table, name)
  if (spec === undefined) return undefined
  if (at >= 0) return { name, text: word.slice(at + 1), following: 0 }
  const next = words[index + 1]
  const isNextAnOption = next?.startsWith('-') === true
  if (spec.kind === 'flag') {
    return next === undefined || isNextAnOption
      ? { name, text: 'true', following: 0 }
      : { name, text: next, following: 1 }
  }
  return next === undefined || isNextAnOption ? undefined : { name, text: next, following: 1 }
}

function checked(spec: PlainSpec): (text: string) => unknown {
  const { choices } = spec
  if (choices === undefined) return parserOf(spec)
  return (text) => {
    if (!choices.includes(text)) throw new InvalidValue('It is none of the choices.')
    return text
  }
}
