import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { styleSource } from './page-template.ts'

/** An answer to one HTTP request. */
export interface Reply {
  readonly status: number
  /** HTML; without it the answer has no body. */
  readonly page?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Stands in every answer. The connection ends with it, because an open one could keep this program
 * alive; the page may not be stored, framed, or referred from, and may load and run nothing.
 */
const commonHeaders = {
  connection: 'close',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${styleSource}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

/** Answers a request. Node ends the connection after the last byte. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, headersOf(reply))
  response.end(reply.page)
}

/** Answers what Node could not parse as a request, and ends the connection. */
export function sendRawReply(socket: Duplex, reply: Reply): void {
  const headers = Object.entries(headersOf(reply)).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status]}\r\n${headers.join('')}\r\n`
  socket.end(head + (reply.page ?? ''), () => socket.destroy())
}

function headersOf({ status, page, headers }: Reply): Record<string, string> {
  const length = Buffer.byteLength(page ?? '')
  return {
    ...commonHeaders,
    ...(page === undefined ? {} : { 'content-type': 'text/html; charset=utf-8' }),
    // A 204 has no content, and so no length of it (RFC 9110 §8.6).
    ...(status === 204 ? {} : { 'content-length': String(length) }),
    ...headers,
  }
}
