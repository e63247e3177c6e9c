import { parsePairs } from './option-values.ts'

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

/** The options of a call, wherever their parsed values lie. */
export function givenOptions(
  value: (name: string) => unknown,
  sourceOf: OptionValues['sourceOf'],
): OptionValues {
  return {
    text: (name) => asText(value(name)),
    list: (name) => asList(value(name)),
    map: (name) => asMap(value(name)),
    flag: (name) => value(name) === true,
    durationMs: (name) => asNumber(value(name)),
    level: (name) => asNumber(value(name)) ?? 0,
    sourceOf,
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function asList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function asMap(value: unknown): Readonly<Record<string, string>> {
  const texts = asList(value)
  return texts.length === 0 ? {} : Object.fromEntries(texts.flatMap(parsePairs))
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
