import type { HeaderLine } from '../request/index.ts'

/** The head of an answer as it came from the API server. */
export interface ResponseHead {
  readonly status: number
  readonly statusText: string
  /** Nothing joined or dropped; values are Latin-1 bytes. */
  readonly headers: readonly HeaderLine[]
}

/**
 * Pairs up a flat list of names and values.
 *
 * @param flat names at even places, each followed by its value
 */
export function headerLines(flat: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = []
  for (let index = 0; index + 1 < flat.length; index += 2) {
    lines.push([flat[index] ?? '', flat[index + 1] ?? ''])
  }
  return lines
}
