import { headText } from '../http1/index.ts'
import type { HeaderLine } from '../request/index.ts'
import type { OwnResponse } from './status.ts'
import { statusLine } from './status-line.ts'

/**
 * A response's head for a socket that carries nothing else afterwards.
 *
 * @param headers complete, framing included; values are Latin-1 bytes
 */
export function headBytes(
  status: number,
  statusText: string | undefined,
  headers: readonly HeaderLine[],
): Buffer {
  return Buffer.from(headText(statusLine(status, statusText), headers), 'latin1')
}

/** A whole response after which the connection is closed. */
export function closingResponseBytes({ status, headers, body }: OwnResponse): Buffer {
  const payload = Buffer.from(body)
  const head = headBytes(status, undefined, [
    ...headers,
    ['Content-Length', String(payload.length)],
    ['Connection', 'close'],
  ])
  return Buffer.concat([head, payload])
}
