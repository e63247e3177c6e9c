import type { System } from '../system/index.ts'
import { givenOptions, type OptionSource, type OptionValues } from './given-options.ts'
import { defaultOf, parserOf } from './option-parser.ts'
import { environmentVariable, environmentVariablePrefix, type OptionSpec } from './option-spec.ts'
import { InvalidValue } from './option-values.ts'

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
  table: readonly OptionSpec[],
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
}

function read(
  words: readonly string[],
  table: readonly OptionSpec[],
  env: System['env'],
): OptionValues | undefined {
  const specs = new Map(table.map((spec) => [spec.name, spec]))
  const given = new Map<string, Given>()
  const parsers = new Map<string, (text: string) => unknown>()
  const set = (spec: OptionSpec, text: string, source: OptionSource): void => {
    const parse = parsers.get(spec.name) ?? checked(spec)
    parsers.set(spec.name, parse)
    given.set(spec.name, { value: parse(text), source })
  }
  for (let index = 0; index < words.length; index += 1) {
    const option = optionAt(words, index, specs)
    if (option === undefined) return undefined
    set(option.spec, option.text, 'command line')
    index += option.following
  }
  // Making all the names is most of the work, so it is done only when there is something to find; Windows
  // does not mind upper and lower case.
  const isAnySet = Object.keys(env).some((name) =>
    name.toUpperCase().startsWith(environmentVariablePrefix),
  )
  for (const spec of isAnySet ? table : []) {
    const text = env[environmentVariable(spec)]
    if (text && !given.has(spec.name)) set(spec, text, 'environment')
  }
  return givenOptions(
    (name) => {
      const one = given.get(name)
      const spec = specs.get(name)
      return one ? one.value : spec && defaultOf(spec)
    },
    (name) => given.get(name)?.source,
  )
}

interface PlainOption {
  readonly spec: OptionSpec
  readonly text: string
  /** How many words behind the option belong to it. */
  readonly following: 0 | 1
}

function optionAt(
  words: readonly string[],
  index: number,
  specs: ReadonlyMap<string, OptionSpec>,
): PlainOption | undefined {
  const word = words[index] ?? ''
  if (!word.startsWith('--')) return undefined
  const at = word.indexOf('=')
  const spec = specs.get(at < 0 ? word.slice(2) : word.slice(2, at))
  if (spec === undefined) return undefined
  if (at >= 0) return { spec, text: word.slice(at + 1), following: 0 }
  const next = words[index + 1]
  const isNextAnOption = next?.startsWith('-') === true
  if (spec.kind === 'flag') {
    return next === undefined || isNextAnOption
      ? { spec, text: 'true', following: 0 }
      : { spec, text: next, following: 1 }
  }
  return next === undefined || isNextAnOption ? undefined : { spec, text: next, following: 1 }
}

function checked(spec: OptionSpec): (text: string) => unknown {
  const { choices } = spec
  if (choices === undefined) return parserOf(spec)
  return (text) => {
    if (!choices.includes(text)) throw new InvalidValue('It is none of the choices.')
    return text
  }
}
