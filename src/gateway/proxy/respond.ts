import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HeaderLine, Refusal } from '../request/index.ts'
import { errorForm, type OwnResponse, refusalResponse } from './status.ts'

/** The two halves of a plain request at the client's side. */
export interface Client {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** How much of a body that nobody wants is read, so that its sender gets to read the answer. */
const lingerBytes = 256 * 1024
/** How long that may take: a byte now and then must not keep a connection. */
const lingerMs = 5_000

/** The answer to a request that ends here, in the form that its client makes the most of. */
export function refusalFor({ request }: Client, refusal: Refusal, auditId: string): OwnResponse {
  return refusalResponse(refusal, auditId, errorForm(request.headers.accept))
}

/**
 * Sends an answer of our own. A connection on which a body may be pending is closed after it.
 *
 * @param isLast whether the connection is closed in any case
 */
export function respond({ request, response }: Client, own: OwnResponse, isLast: boolean): void {
  const payload = Buffer.from(own.body)
  const headers: HeaderLine[] = [...own.headers, ['Content-Length', String(payload.length)]]
  if (isLast || announcesBody(request)) headers.push(['Connection', 'close'])
  response.writeHead(own.status, flat(headers))
  response.write(payload)
  finish({ request, response })
}

/**
 * Ends a response. When the request's body is still on its way, closing at once would reset the
 * connection and take the answer with it; so a little of the body is read first. Never all: whoever is
 * refused must not keep us busy.
 */
export function finish({ request, response }: Client): void {
  const expectsContinue = request.headers.expect !== undefined
  if (request.complete || !announcesBody(request) || expectsContinue) {
    response.end()
    return
  }
  let left = lingerBytes
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.socket.destroy()
  })
  request.once('end', () => response.end())
  const timer = setTimeout(() => request.socket.destroy(), lingerMs).unref()
  request.socket.once('close', () => clearTimeout(timer))
  request.resume()
}

/** Names and values in one list, as Node takes them without joining repeated names. */
export function flat(headers: readonly HeaderLine[]): string[] {
  const list: string[] = []
  for (const [name, value] of headers) list.push(name, value)
  return list
}

/** Whether bytes that belong to this request may follow its head. Malformed framing counts. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}
