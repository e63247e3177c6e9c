import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as startRequest } from 'node:https'
import type { ApiServer } from '../api-server.ts'
import type { KeyAndCertificate } from '../certificates.ts'
import { type Json, parseJson } from './json.ts'

/** Where an API server is, and who vouches for it. */
export type ApiAddress = Pick<ApiServer, 'url' | 'certificateAuthorityPem'>

/** A request to the API server, as a test wants it. */
export interface TestRequest {
  /** `GET` by default. */
  readonly method?: string
  /** Sent as it is: it is not made a valid URL first. */
  readonly path: string
  readonly token?: string
  readonly certificate?: KeyAndCertificate
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: Json | Uint8Array
}

/** The answer to a {@link TestRequest}. */
export interface TestAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON; throws when it is none. */
  readonly json: Json
}

/** Sends a request on a connection of its own and waits for the whole answer. */
export async function send(api: ApiAddress, wanted: TestRequest): Promise<TestAnswer> {
  const answer = await begin(api, wanted)
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text,
    get json() {
      return parseJson(text)
    },
  }
}

/** An answer that is read line by line while it goes on. */
export interface TestStream {
  readonly headers: IncomingHttpHeaders
  /** The next line; undefined when the answer has ended. Rejects when it was cut. */
  next(): Promise<string | undefined>
  /** Ends the connection. */
  close(): void
}

/** Sends a request and reads its answer line by line. */
export async function stream(api: ApiAddress, wanted: TestRequest): Promise<TestStream> {
  const answer = await begin(api, wanted)
  const lines = linesOf(answer)
  return {
    headers: answer.headers,
    async next() {
      return (await lines.next()).value
    },
    close: () => answer.destroy(),
  }
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<string, undefined> {
  let rest = ''
  for await (const chunk of answer.setEncoding('utf8')) {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  return undefined
}

async function begin(api: ApiAddress, wanted: TestRequest): Promise<IncomingMessage> {
  const { method = 'GET', path, token, certificate, headers, body } = wanted
  const bytes = toBytes(body)
  return await new Promise((resolve, reject) => {
    const outgoing = startRequest(
      {
        host: '127.0.0.1',
        port: new URL(api.url).port,
        ca: api.certificateAuthorityPem,
        agent: false,
        method,
        path,
        ...(certificate ? { cert: certificate.certPem, key: certificate.keyPem } : {}),
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(bytes ? { 'content-type': 'application/json', 'content-length': bytes.length } : {}),
          ...headers,
        },
      },
      resolve,
    )
    outgoing.on('error', reject)
    outgoing.end(bytes)
  })
}

/** Node would send the headers of a request whose body is text as UTF-8, too. */
function toBytes(body: TestRequest['body']): Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}
