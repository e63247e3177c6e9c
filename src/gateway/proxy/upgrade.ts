import type { Decision, Forward, PassThrough } from '../impersonation/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { DialAnswer } from '../upstream/index.ts'
import { type Course, openCourse } from './course.ts'
import { admitted, countAnswer, decided } from './decide.ts'
import type { Desk } from './desk.ts'
import { hangUp } from './hang-up.ts'
import { outboundHead } from './outbound.ts'
import { closingResponseBytes } from './response-bytes.ts'
import { screenedReply } from './screen-upgrade.ts'
import { type OwnResponse, ownResponse, refusalResponse } from './status.ts'
import { openTunnel } from './tunnel.ts'
import { relayUnswitched } from './unswitched.ts'
import type { Upgrading } from './upgrading.ts'
import { answerRefusal, failureRefusal } from './upstream-refusal.ts'

/**
 * Serves a request to upgrade its connection. Who it is is decided before the API server is called (rule
 * F3), and the connection is never used for anything else afterwards (rule F4). Never rejects.
 */
export async function serveUpgrade(desk: Desk, client: Upgrading): Promise<void> {
  const { head, socket } = client
  const course = openCourse(desk, socket, head)
  course.exchange.isUpgrade = true
  const request = admitted(desk, course, head)
  if (request.kind === 'refused') {
    answer(course, client, request, refusalResponse(request, course.exchange.auditId))
  } else if (request.upgrade === undefined) {
    const refusal = refuse(400, 'upgrade_refused', 'The request to upgrade is malformed.')
    answer(course, client, refusal, refusalResponse(refusal, course.exchange.auditId))
  } else {
    const decision = await decided(desk, course, request)
    if (course.exchange.closeReason !== undefined) return
    await carryOut(desk, course, client, decision)
  }
}

async function carryOut(
  desk: Desk,
  course: Course,
  client: Upgrading,
  decision: Decision,
): Promise<void> {
  switch (decision.kind) {
    case 'forward':
    case 'passthrough':
      await dialAndJoin(desk, course, client, decision)
      break
    case 'own':
      answer(course, client, decision, ownResponse(decision))
      break
    case 'refused':
      answer(course, client, decision, refusalResponse(decision, course.exchange.auditId))
      break
  }
}

async function dialAndJoin(
  desk: Desk,
  course: Course,
  client: Upgrading,
  decision: Forward | PassThrough,
): Promise<void> {
  const { method, target, upgrade: protocol = '' } = decision.request
  const head = outboundHead(desk.upstream, decision, course)
  if (head.kind === 'refused') {
    course.decided(decision, head)
    return send(course, client, refusalResponse(head, course.exchange.auditId))
  }
  course.decided(decision)
  const headers = [...head.headers.lines, ...head.ownHeaders]
  const request = { transport: head.transport, method, target, headers, protocol }
  const dialled = await desk.upstream.dial(request, course.connection.signal())
  if (dialled.kind !== 'failed') countAnswer(desk, course, decision, dialled.head.status)
  course.onGone = () => discard(dialled)
  const reply = await screenedReply(decision, dialled)
  const refusal = reply.kind === 'refused' ? reply : replyRefusal(decision, protocol, reply)
  if (course.exchange.closeReason !== undefined || refusal) discard(dialled)
  if (course.exchange.closeReason !== undefined) return
  if (refusal) {
    course.failed(refusal)
    send(course, client, refusalResponse(refusal, course.exchange.auditId))
  } else if (reply.kind === 'switched') {
    openTunnel(desk, course, decision, client, reply)
  } else if (reply.kind === 'answered') {
    relayUnswitched(course, client, reply)
  }
}

/** Why a reply must not reach the client, if so. */
function replyRefusal(
  decision: Forward | PassThrough,
  protocol: string,
  reply: DialAnswer,
): Refusal | undefined {
  if (reply.kind === 'failed') return failureRefusal(reply.failure)
  const refusal = answerRefusal(decision, reply.head)
  if (refusal) return refusal
  if (reply.kind === 'answered') {
    return reply.head.status >= 400 ? undefined : invalid('did not switch protocols')
  }
  const chosen = reply.head.headers.filter(([name]) => name.toLowerCase() === 'upgrade')
  const isAsAsked =
    chosen.length === 1 && chosen[0]?.[1].trim().toLowerCase() === protocol.toLowerCase()
  return isAsAsked ? undefined : invalid('switched to another protocol than was asked for')
}

function invalid(what: string): Refusal {
  return refuse(502, 'upstream_answer_invalid', `The API server ${what}.`)
}

function discard(reply: DialAnswer): void {
  if (reply.kind === 'switched') reply.socket.destroy()
  if (reply.kind === 'answered') reply.body.destroy()
}

function answer(course: Course, client: Upgrading, decision: Decision, own: OwnResponse): void {
  course.decided(decision)
  send(course, client, own)
}

function send(course: Course, { socket }: Upgrading, own: OwnResponse): void {
  course.answered(own.status)
  course.exchange.bytesOut = Buffer.byteLength(own.body)
  hangUp(course, socket, closingResponseBytes(own))
}
