/** A line of a head: name as written and value, both as Latin-1 bytes. */
export type Line = readonly [name: string, value: string]

/** A message head as it came over the wire. */
export interface Head {
  /** The first line. */
  readonly start: string
  readonly headers: readonly Line[]
  /** Bytes of the head, the empty line included. */
  readonly length: number
}

/** Reads a head from the beginning of some bytes; undefined while it is not whole. */
export function headOf(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line): Line => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { start, headers, length: end + 4 }
}

/** All values of a header, in their order. */
export function valuesOf(headers: readonly Line[], name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, v]) => v)
}

/** A message's body, and how many bytes it took on the wire. */
export interface Body {
  readonly content: Buffer
  readonly trailers: readonly Line[]
  readonly length: number
}

/**
 * Reads a body by its framing; undefined while it is not whole. What is framed by nothing has no body
 * when it is a request, and one that ends with the connection when it is an answer.
 *
 * @param connection how it is with the connection on which an answer came
 */
export function bodyOf(head: Head, rest: Buffer, connection?: 'open' | 'ended'): Body | undefined {
  if (valuesOf(head.headers, 'transfer-encoding').length > 0) return chunkedBody(rest)
  const [length] = valuesOf(head.headers, 'content-length')
  if (length === undefined && connection !== undefined) {
    return connection === 'open' ? undefined : { content: rest, trailers: [], length: rest.length }
  }
  const bytes = Number(length ?? '0')
  if (rest.length < bytes) return undefined
  return { content: rest.subarray(0, bytes), trailers: [], length: bytes }
}

function chunkedBody(rest: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString('latin1'), 16)
    const start = lineEnd + 2
    if (size === 0) {
      const end = rest.indexOf('\r\n\r\n', lineEnd)
      if (end < 0) return undefined
      const trailers = headOf(
        Buffer.concat([Buffer.from('\r\n'), rest.subarray(start), Buffer.from('\r\n')]),
      )
      const isEmpty = end === lineEnd
      return {
        content: Buffer.concat(chunks),
        trailers: isEmpty ? [] : (trailers?.headers ?? []),
        length: end + 4,
      }
    }
    if (rest.length < start + size + 2) return undefined
    chunks.push(rest.subarray(start, start + size))
    at = start + size + 2
  }
}
