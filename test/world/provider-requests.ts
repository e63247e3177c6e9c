import type { IncomingMessage, ServerResponse } from 'node:http'
import { noteAuthorization, noteSecrets } from './secrets.ts'

/** A request that a provider has received. It holds no secret. */
export interface RecordedRequest<Endpoint extends string> {
  /** Which endpoint it was for. */
  readonly endpoint: Endpoint
  /** HTTP method. */
  readonly method: string
  /** Path without the query. */
  readonly path: string
  /** `grant_type` of a request to the token endpoint. */
  grantType: string | undefined
  /** The header `Origin`. */
  readonly origin: string | undefined
  /** Status of the answer; undefined as long as none was sent. */
  readonly status: number | undefined
  /** TCP port of the client: requests of one connection have the same. */
  readonly clientPort: number | undefined
  /** When it arrived, in milliseconds since the Unix epoch. */
  readonly at: number
}

/** Appends a request to the record. Its status shows as soon as the answer begins. */
export function recordRequest<Endpoint extends string>(
  requests: RecordedRequest<Endpoint>[],
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): RecordedRequest<Endpoint> {
  const recorded: RecordedRequest<Endpoint> = {
    endpoint,
    method: request.method ?? 'GET',
    path: urlOf(request).pathname,
    grantType: undefined,
    origin: request.headers.origin,
    get status() {
      return response.headersSent ? response.statusCode : undefined
    },
    clientPort: request.socket.remotePort,
    at: Date.now(),
  }
  requests.push(recorded)
  noteAuthorization(request.headers.authorization)
  noteSecrets(urlOf(request).searchParams)
  return recorded
}

/** The URL of a request. Only its path and query mean something. */
export function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://localhost')
}

const maxFormLength = 1024 * 1024

/** Reads the body of a request as a form (`application/x-www-form-urlencoded`). */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > maxFormLength) throw new Error('the form is too large')
  }
  const form = new URLSearchParams(text)
  noteSecrets(form)
  return form
}
