/**
 * Reads JSON that nothing is decided by alone, such as an answer of an API server.
 *
 * @returns undefined when it is none
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
