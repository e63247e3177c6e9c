import type { Socket } from 'node:net'
import type { MessageHead } from '../http1/index.ts'
import { factsOf, type HeaderLine, headerValue, type Refusal } from '../request/index.ts'
import type { Answer } from './answer.ts'
import type { InboundBody } from './inbound-body.ts'
import { errorForm, type OwnResponse, refusalResponse } from './status.ts'

/** A plain request at the client's side. */
export interface ClientRequest {
  readonly head: MessageHead
  readonly body: InboundBody
  readonly socket: Socket
}

/** The two halves of a plain request at the client's side. */
export interface Client {
  readonly request: ClientRequest
  readonly answer: Answer
}

/** The answer to a request that ends here, in the form that its client makes the most of. */
export function refusalFor({ request }: Client, refusal: Refusal, auditId: string): OwnResponse {
  return refusalResponse(refusal, auditId, errorForm(headerValue(request.head.headers, 'accept')))
}

/**
 * Sends an answer of our own. A connection on which a body may be pending is closed after it.
 *
 * @param isLast whether the connection is closed in any case
 */
export function respond({ request, answer }: Client, own: OwnResponse, isLast: boolean): void {
  const payload = Buffer.from(own.body)
  const headers: HeaderLine[] = [...own.headers, ['Content-Length', String(payload.length)]]
  const endsConnection = isLast || announcesBody(request.head)
  answer.begin({ status: own.status, statusText: undefined, headers }, endsConnection)
  answer.write(payload)
  answer.end()
}

/** Whether bytes that belong to this request may follow its head. Malformed framing counts. */
export function announcesBody(head: MessageHead): boolean {
  return head.headers.some(([name, value]) => {
    const { lower } = factsOf(name)
    return lower === 'transfer-encoding' || (lower === 'content-length' && value !== '0')
  })
}
