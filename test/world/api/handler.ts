import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import { attributesOf, refusal } from './authorize.ts'
import { readObjectBody } from './body.ts'
import type { Call, Cluster } from './call.ts'
import { serveExec } from './exec.ts'
import { effectiveUser, type HeaderLines } from './impersonate.ts'
import { headersToRecord, type RecordedRequest } from './record.ts'
import { parseRequest } from './request.ts'
import { answer } from './routes.ts'
import { StatusError, unauthorized } from './status.ts'
import { writeAnswer } from './write-answer.ts'

/** What {@link createHandler} needs. */
export interface HandlerOptions {
  readonly cluster: Cluster
  /** Tells who sent a request; rejects with a {@link StatusError} 401. */
  readonly authenticate: (request: IncomingMessage) => Promise<Caller>
  /** Told of each request as soon as the status of its answer is known. */
  readonly record: (request: RecordedRequest) => void
}

/** Makes the handler of all requests: authenticate, impersonate, authorize, answer, record. */
export function createHandler(
  options: HandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { cluster, authenticate } = options
  return async (request, response) => {
    const at = cluster.now()
    const { method = '', url: path = '' } = request
    const headers = headersToRecord(request)
    let user: string | undefined
    const finish = (result: Answer, problem?: string): void => {
      const status = 'code' in result ? result.code : 200
      options.record({ method, path, user, status, headers, at, problem })
      writeAnswer(response, result)
    }
    try {
      const caller = await authenticate(request)
      if (!caller.isAnonymous) user = caller.user.username
      const call = callOf(request, caller)
      if (!caller.isAnonymous) user = call.user.username
      requireAccess(call, caller, cluster)
      finish(await answer(call, cluster))
    } catch (error) {
      const failure = error instanceof StatusError ? error : internalError(error)
      finish(refusalAnswer(failure), failure.note ?? failure.message)
    }
  }
}

/** Makes the handler of requests to upgrade a connection: `exec` and `attach`. */
export function createUpgradeHandler(
  options: HandlerOptions & { readonly folder: string },
): (request: IncomingMessage, socket: Duplex) => Promise<void> {
  const { cluster, authenticate } = options
  return async (incoming, socket) => {
    const at = cluster.now()
    const { method = '', url: path = '' } = incoming
    const headers = headersToRecord(incoming)
    let user: string | undefined
    const record = (status: number): void =>
      options.record({ method, path, user, status, headers, at, problem: undefined })
    try {
      const caller = await authenticate(incoming)
      const { request, user: subject } = callOf(incoming, caller)
      user = subject.username
      requireAccess({ request, user: subject }, caller, cluster)
      serveExec(request, incoming, socket, options.folder)
      record(101)
    } catch (error) {
      const { code, status } = error instanceof StatusError ? error : internalError(error)
      record(code)
      const body = JSON.stringify(status)
      socket.end(
        `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      )
    }
  }
}

function callOf(incoming: IncomingMessage, caller: Caller): Call {
  return {
    request: parseRequest(incoming.method ?? '', incoming.url ?? ''),
    user: effectiveUser(caller, headerLines(incoming)),
    accept: incoming.headers.accept,
    readBody: (mediaTypes) => readObjectBody(incoming, mediaTypes),
  }
}

function requireAccess(
  call: Pick<Call, 'request' | 'user'>,
  { isAnonymous }: Caller,
  { authorizer }: Cluster,
): void {
  const attributes = attributesOf(call.request)
  if (authorizer.isAllowed(call.user, attributes)) return
  throw isAnonymous ? unauthorized('no credential', false) : refusal(call.user, attributes)
}

function refusalAnswer({ code, status, headers }: StatusError): Answer {
  return { code, json: status, headers }
}

function internalError(error: unknown): StatusError {
  const message = `Internal error occurred: ${error instanceof Error ? error.message : 'unknown'}`
  return new StatusError(500, 'InternalError', message)
}

function headerLines({ rawHeaders }: IncomingMessage): HeaderLines {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  )
}
