import { asJohn } from '../../../world/gateway/requests.ts'

/** Something that Node reads and we refuse, on purpose. */
export interface KnownDifference {
  readonly what: string
  /** Of an answer, the method that was asked with. */
  readonly side: 'requests' | 'GET'
  /** Latin-1. */
  readonly example: string
  /** How our refusal is called. */
  readonly refusal: string
}

const chunked = asJohn('POST /api', 'Transfer-Encoding: chunked')

/** All of them. Whatever else is read in two ways is a defect. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    what: 'a head is as long as its bytes; Node counts names and values only',
    side: 'requests',
    example: `GET / HTTP/1.1\r\n${'a:\r\n'.repeat(40_000)}\r\n`,
    refusal: 'HPE_HEADER_OVERFLOW',
  },
  {
    what: 'trailers may be as long as the framing of a chunk; Node lets them be as long as a head',
    side: 'requests',
    example: `${chunked}0\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    refusal: 'HPE_CHUNK_EXTENSIONS_OVERFLOW',
  },
  {
    what: 'there is no status below 100; Node takes 099 for the answer',
    side: 'GET',
    example: 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n',
    refusal: 'status',
  },
]
