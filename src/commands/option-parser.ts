import type { OptionSpec } from './option-spec.ts'
import { parseBoolean, parseLevel, parsePairs, parseRecord, parseSeconds } from './option-values.ts'

/**
 * How the text of an option becomes its value. An option that may be repeated gathers: its parser is for
 * one command line, and throws InvalidValue where the text means nothing.
 */
export function parserOf(spec: Pick<OptionSpec, 'kind' | 'whenEmpty'>): (text: string) => unknown {
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

/** The value of an option that nobody has set. */
export function defaultOf(
  spec: Pick<OptionSpec, 'kind' | 'choices' | 'byDefault' | 'whenEmpty'>,
): unknown {
  if (spec.byDefault === undefined) return undefined
  return spec.choices ? spec.byDefault : parserOf(spec)(spec.byDefault)
}

/** Gathers the values of an option that may be repeated. */
function collect(parse: (text: string) => string[]): (text: string) => string[] {
  const given: string[] = []
  return (text) => {
    given.push(...parse(text))
    return given
  }
}
