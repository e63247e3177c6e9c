import { STATUS_CODES } from 'node:http'
import type { HeaderLine } from '../request/index.ts'
import type { OwnResponse } from './status.ts'

/**
 * A response's head for a socket that Node's HTTP parser has let go of.
 *
 * @param headers complete, framing included; values are Latin-1 bytes
 */
export function headBytes(
  status: number,
  statusText: string,
  headers: readonly HeaderLine[],
): Buffer {
  let text = `HTTP/1.1 ${status} ${statusText}\r\n`
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

/** A whole response after which the connection is closed. */
export function closingResponseBytes({ status, headers, body }: OwnResponse): Buffer {
  const payload = Buffer.from(body)
  const head = headBytes(status, STATUS_CODES[status] ?? '', [
    ...headers,
    ['Content-Length', String(payload.length)],
    ['Connection', 'close'],
  ])
  return Buffer.concat([head, payload])
}
