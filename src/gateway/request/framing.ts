import type { BodyFraming } from './admitted-request.ts'
import type { Refusal } from './refusal.ts'
import { malformed } from './refuse.ts'
import type { SortedLines } from './sorted-lines.ts'

/**
 * Reads how a body is framed. Everything that two parsers could frame differently is refused, although
 * Node's parser refuses most of it before us: request smuggling begins here (rules E1-E3;
 * RFC 9112 §6.3, §11.2).
 */
export function bodyFraming(httpVersion: string, lines: SortedLines): BodyFraming | Refusal {
  const encodings = lines.valuesOf('transfer-encoding')
  const lengths = lines.valuesOf('content-length')
  if (encodings.length > 0 && lengths.length > 0) {
    return malformed('The request has both Content-Length and Transfer-Encoding.')
  }
  if (encodings.length > 0) {
    const isChunked = encodings.length === 1 && encodings[0]?.toLowerCase() === 'chunked'
    if (!isChunked || httpVersion !== '1.1') {
      return malformed('The only Transfer-Encoding that is understood is "chunked", in HTTP/1.1.')
    }
    return { kind: 'chunked' }
  }
  const [length] = lengths
  if (length === undefined) return { kind: 'none' }
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) {
    return malformed('The Content-Length is not one number.')
  }
  return { kind: 'length', bytes: Number(length) }
}
