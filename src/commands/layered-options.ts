import type { OptionValues } from './given-options.ts'

/**
 * The options of a kubeconfig entry, as the program would see them that kubectl calls: what the entry
 * gives counts more than the environment and the defaults, and what stands on this command line more
 * than the entry.
 */
export function layeredOptions(given: OptionValues, entry: OptionValues): OptionValues {
  const deciding = (name: string): OptionValues => {
    if (given.sourceOf(name) === 'command line') return given
    return entry.sourceOf(name) === undefined ? given : entry
  }
  return {
    text: (name) => deciding(name).text(name),
    list: (name) => deciding(name).list(name),
    map: (name) => deciding(name).map(name),
    flag: (name) => deciding(name).flag(name),
    durationMs: (name) => deciding(name).durationMs(name),
    level: (name) => deciding(name).level(name),
    sourceOf: (name) => deciding(name).sourceOf(name),
  }
}
