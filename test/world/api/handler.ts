import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'
import type { Caller } from './authenticate.ts'
import { attributesOf, refusal } from './authorize.ts'
import { readObjectBody } from './body.ts'
import type { Call, Cluster } from './call.ts'
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
  const { cluster } = options
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
      const arrival = await receive(request, options)
      if (!arrival.isAnonymous) user = arrival.call.user.username
      requireAccess(arrival, cluster)
      finish(await answer(arrival.call, cluster))
    } catch (error) {
      const failure = error instanceof StatusError ? error : internalError(error)
      finish(refusalAnswer(failure), failure.note ?? failure.message)
    }
  }
}

interface Arrival {
  readonly call: Call
  readonly isAnonymous: boolean
}

async function receive(
  incoming: IncomingMessage,
  { authenticate }: HandlerOptions,
): Promise<Arrival> {
  const request = parseRequest(incoming.method ?? '', incoming.url ?? '')
  const caller = await authenticate(incoming)
  const call: Call = {
    request,
    user: effectiveUser(caller, headerLines(incoming)),
    accept: incoming.headers.accept,
    readBody: (mediaTypes) => readObjectBody(incoming, mediaTypes),
  }
  return { call, isAnonymous: caller.isAnonymous }
}

function requireAccess({ call, isAnonymous }: Arrival, { authorizer }: Cluster): void {
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
