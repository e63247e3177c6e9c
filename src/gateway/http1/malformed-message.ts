/**
 * An error for bytes that are no HTTP/1.1.
 *
 * @param code llhttp's name for it (`HPE_…`), by which Node's own parser tells it, too
 */
export function malformedMessage(code: string): Error {
  return Object.assign(new Error('The message is not HTTP/1.1.'), { code })
}
