import type { Forward, PassThrough } from '../impersonation/index.ts'
import { isLongRunning } from '../request/index.ts'
import type { Sending, UpstreamRequest } from '../upstream/index.ts'
import type { Course } from './course.ts'
import type { Desk } from './desk.ts'
import { outboundHead } from './outbound.ts'
import { createRelay } from './relay.ts'
import { requestBody } from './request-body.ts'
import { type Client, refusalFor, respond } from './respond.ts'
import { screened } from './screen.ts'

/** Forwards a request and carries the answer back, both as streams. */
export function forward(
  desk: Desk,
  course: Course,
  decision: Forward | PassThrough,
  client: Client,
): void {
  const { exchange } = course
  const head = outboundHead(desk.upstream, decision, course)
  if (head.kind === 'refused') {
    course.decided(decision, head)
    course.answered(head.status)
    respond(client, refusalFor(client, head, exchange.auditId), desk.isDraining)
    return
  }
  course.decided(decision)

  const { body: framing, info, method, target, expectsContinue } = decision.request
  const message: UpstreamRequest = {
    transport: head.transport,
    lane: isLongRunning(info) ? 'long' : 'short',
    method,
    target,
    headers: head.headers,
    ownHeaders: head.ownHeaders,
    contentLength: framing.kind === 'length' ? framing.bytes : undefined,
    body: requestBody(client, framing, expectsContinue, (bytes) => {
      exchange.bytesIn += bytes
    }),
  }
  // What changes nothing may be asked again when a kept-alive connection turns out to be closed
  // (RFC 9110 §9.2.2). Everything else may have been received, and is never sent twice.
  const isSafe = message.body === undefined && (method === 'GET' || method === 'HEAD')
  let repeatable = isSafe ? message : undefined
  let sending: Sending | undefined
  const relay = createRelay(desk, course, decision, client, {
    abort: () => sending?.abort(),
    resume: () => sending?.resume(),
    repeat() {
      if (!repeatable) return false
      const again = repeatable
      repeatable = undefined
      sending = desk.upstream.send(again, receiver)
      return true
    },
    settled() {
      repeatable = undefined
    },
  })
  const receiver = screened(relay, decision)
  sending = desk.upstream.send(message, receiver)
}
