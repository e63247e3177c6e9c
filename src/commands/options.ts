import { type Command, Option } from 'commander'
import type { System } from '../system/index.ts'
import { environmentVariable, type OptionSpec } from './option-spec.ts'
import { parseBoolean, parseLevel, parsePairs, parseRecord, parseSeconds } from './option-values.ts'

/** The options of one call, by their long names. */
export interface OptionValues {
  /** The value of a `text` option; undefined when it is not given or empty. */
  text(name: string): string | undefined
  /** The values of a `list` or `array` option. */
  list(name: string): readonly string[]
  /** The pairs of a `map` option. */
  map(name: string): Readonly<Record<string, string>>
  /** The value of a `flag` option. */
  flag(name: string): boolean
  /** The value of a `seconds` option in milliseconds; undefined when it is not given. */
  durationMs(name: string): number | undefined
  /** The value of a `level` option. */
  level(name: string): number
  /** Who has set an option; undefined when nobody has. */
  sourceOf(name: string): OptionSource | undefined
}

/** Where the value of an option comes from, when it is not its default. */
export type OptionSource = 'command line' | 'environment'

/**
 * Gives a command the options of a table.
 *
 * @param env variables of this process that set an option when the command line does not; an empty
 *   one is as good as none
 */
export function addOptions(
  command: Command,
  table: readonly OptionSpec[],
  env: System['env'],
): Command {
  for (const spec of table) {
    const variable = environmentVariable(spec)
    command.addOption(env[variable] ? toOption(spec).env(variable) : toOption(spec))
  }
  return command
}

/** Reads the options of a command that has been parsed. */
export function optionValues(command: Command): OptionValues {
  const raw = (name: string): unknown => command.getOptionValue(attributeName(name))
  return {
    text: (name) => asText(raw(name)),
    list: (name) => asList(raw(name)),
    map: (name) => Object.fromEntries(asList(raw(name)).flatMap(parsePairs)),
    flag: (name) => raw(name) === true,
    durationMs: (name) => asNumber(raw(name)),
    level: (name) => asNumber(raw(name)) ?? 0,
    sourceOf: (name) => sources.get(command.getOptionValueSource(attributeName(name)) ?? ''),
  }
}

/** commander's names of what is not a default. */
const sources: ReadonlyMap<string, OptionSource> = new Map([
  ['cli', 'command line'],
  ['env', 'environment'],
])

function toOption(spec: OptionSpec): Option {
  const option = new Option(flagsOf(spec), spec.description).helpGroup(spec.group)
  if (spec.isHidden) option.hideHelp()
  if (spec.choices) option.choices(spec.choices)
  else option.argParser(parserOf(spec))
  if (spec.kind === 'flag') option.preset('true')
  if (spec.byDefault !== undefined) {
    option.default(spec.choices ? spec.byDefault : defaultOf(spec), spec.byDefault)
  }
  return option
}

function flagsOf(spec: OptionSpec): string {
  const short = spec.short ? `-${spec.short}, ` : ''
  return `${short}--${spec.name} ${spec.kind === 'flag' ? '[bool]' : `<${placeholder[spec.kind]}>`}`
}

const placeholder: Readonly<Record<Exclude<OptionSpec['kind'], 'flag'>, string>> = {
  text: 'value',
  list: 'values',
  array: 'value',
  map: 'name=value',
  seconds: 'seconds',
  level: 'level',
}

function parserOf(spec: OptionSpec): (text: string) => unknown {
  switch (spec.kind) {
    case 'text':
      return (text) => text || (spec.whenEmpty ?? '')
    case 'list':
      return collect(parseRecord)
    case 'array':
      return collect((text) => [text])
    case 'map':
      return collect((text) => {
        parsePairs(text)
        return [text]
      })
    case 'flag':
      return parseBoolean
    case 'seconds':
      return parseSeconds
    case 'level':
      return parseLevel
  }
}

/** Gathers the values of an option that may be repeated. */
function collect(parse: (text: string) => string[]): (text: string) => string[] {
  const given: string[] = []
  return (text) => {
    given.push(...parse(text))
    return given
  }
}

function defaultOf(spec: OptionSpec): unknown {
  return parserOf(spec)(spec.byDefault ?? '')
}

/** commander stores `--oidc-client-id` as `oidcClientId`. */
function attributeName(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function asList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
