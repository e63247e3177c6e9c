import type { OptionValues } from '../given-options.ts'

/**
 * Options with others laid over them, as if they had been given on the command line.
 *
 * @param values by the names of options: a text, or the values of a `list` or `array` option
 */
export function overlay(
  options: OptionValues,
  values: Readonly<Record<string, string | readonly string[]>>,
): OptionValues {
  return {
    ...options,
    text(name) {
      const value = values[name]
      return typeof value === 'string' ? value : options.text(name)
    },
    list(name) {
      const value = values[name]
      return value === undefined || typeof value === 'string' ? options.list(name) : value
    },
    sourceOf: (name) => (values[name] === undefined ? options.sourceOf(name) : 'command line'),
  }
}
