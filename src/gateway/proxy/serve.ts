import type { Socket } from 'node:net'
import type { MessageHead } from '../http1/index.ts'
import type { Decision } from '../impersonation/index.ts'
import { refuse } from '../request/index.ts'
import { type Course, openCourse } from './course.ts'
import { admitted, decided } from './decide.ts'
import type { Desk } from './desk.ts'
import { forward } from './forward.ts'
import { type Client, refusalFor, respond } from './respond.ts'
import { type OwnResponse, ownResponse } from './status.ts'

/**
 * Serves one request: looks at it, has it judged, and answers or forwards it.
 *
 * @returns nothing when that has begun, as nearly always; a promise where somebody has to be asked before
 */
export function serve(desk: Desk, client: Client): Promise<void> | undefined {
  const { head, socket } = client.request
  const course = openCourse(desk, socket, head)
  client.answer.whenFinished(() => course.ended(course.ending))
  const request = admitted(desk, course, head)
  if (request.kind === 'refused') {
    carryOut(desk, course, client, request)
  } else if (request.upgrade !== undefined) {
    // The parser did not see what we see: two readings of one head are never forwarded.
    const refusal = refuse(400, 'upgrade_refused', 'The request to upgrade is malformed.')
    carryOut(desk, course, client, refusal)
  } else {
    const decision = decided(desk, course, request)
    if (decision instanceof Promise) {
      return decision.then((known) => carryOut(desk, course, client, known))
    }
    carryOut(desk, course, client, decision)
  }
  return undefined
}

function carryOut(desk: Desk, course: Course, client: Client, decision: Decision): void {
  // Gone while it was judged: there is nobody to answer.
  if (course.exchange.closeReason !== undefined) return
  switch (decision.kind) {
    case 'forward':
    case 'passthrough':
      forward(desk, course, decision, client)
      break
    case 'own':
      answer(desk, course, client, decision, ownResponse(decision))
      break
    case 'refused':
      answer(desk, course, client, decision, refusalFor(client, decision, course.exchange.auditId))
      break
  }
}

function answer(
  desk: Desk,
  course: Course,
  client: Client,
  decision: Decision,
  own: OwnResponse,
): void {
  course.decided(decision)
  course.answered(own.status)
  course.exchange.bytesOut = Buffer.byteLength(own.body)
  respond(client, own, desk.isDraining || course.connection.isSurplus)
}

/**
 * Gives up a connection whose client sends more than it waits for the answers of (rule G5): the first request
 * that is not served stands in the audit log.
 */
export function refuseBacklog(desk: Desk, head: MessageHead, socket: Socket): void {
  desk.connections.of(socket).running?.gone()
  const course = openCourse(desk, socket, head)
  course.decided(refuse(503, 'overloaded', 'Too many requests wait on this connection.'))
  course.ended(course.ending)
  socket.destroy()
}
