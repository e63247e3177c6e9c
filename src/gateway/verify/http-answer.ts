/** An answer, read off a connection. */
export interface HttpAnswer {
  readonly status: number
  /** Values by lower-case name; of several lines, the last. */
  readonly headers: ReadonlyMap<string, string>
  /** As UTF-8. */
  readonly body: string
  /** Bytes of the whole answer. */
  readonly length: number
}

/**
 * The first answer in what came so far (RFC 9112), interim ones left out.
 *
 * @param hasEnded whether no more will come
 * @param isHeadEnough whether the answer ends with its head, as after 101
 * @returns undefined as long as it is not whole
 */
export function answerIn(
  bytes: Buffer,
  hasEnded: boolean,
  isHeadEnough: (status: number) => boolean = () => false,
): HttpAnswer | undefined {
  const headLength = bytes.indexOf('\r\n\r\n') + 4
  if (headLength < 4) return undefined
  const [start = '', ...lines] = bytes.toString('latin1', 0, headLength - 4).split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(start)?.[1] ?? 0)
  if (status >= 100 && status < 200 && status !== 101) {
    const next = answerIn(bytes.subarray(headLength), hasEnded, isHeadEnough)
    return next && { ...next, length: next.length + headLength }
  }
  const headers = new Map(
    lines.map((line): [string, string] => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const body =
    isHeadEnough(status) || status === 204 || status === 304
      ? { content: Buffer.alloc(0), length: 0 }
      : bodyOf(bytes.subarray(headLength), headers, hasEnded)
  return (
    body && {
      status,
      headers,
      body: body.content.toString('utf8'),
      length: headLength + body.length,
    }
  )
}

interface Body {
  readonly content: Buffer
  readonly length: number
}

function bodyOf(
  bytes: Buffer,
  headers: ReadonlyMap<string, string>,
  hasEnded: boolean,
): Body | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return chunksOf(bytes, hasEnded)
  const length = Number(headers.get('content-length') ?? Number.NaN)
  if (Number.isInteger(length)) {
    return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length }
  }
  return hasEnded ? { content: bytes, length: bytes.length } : undefined
}

/** A stream that was cut is told as far as it came. */
function chunksOf(bytes: Buffer, hasEnded: boolean): Body | undefined {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size =
      lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size + 2
    if (Number.isNaN(size) || bytes.length < end) {
      return hasEnded ? { content: Buffer.concat(parts), length: bytes.length } : undefined
    }
    if (size === 0) return { content: Buffer.concat(parts), length: end }
    parts.push(bytes.subarray(lineEnd + 2, end - 2))
    at = end
  }
}
