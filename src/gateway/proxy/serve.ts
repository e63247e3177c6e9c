import type { Decision } from '../impersonation/index.ts'
import { refuse } from '../request/index.ts'
import { type Course, openCourse } from './course.ts'
import { admitted, decided, rawRequest } from './decide.ts'
import type { Desk } from './desk.ts'
import { forward } from './forward.ts'
import { type Client, refusalFor, respond } from './respond.ts'
import { type OwnResponse, ownResponse } from './status.ts'

/**
 * Serves one request: looks at it, has it judged, and answers or forwards it, in its turn: one connection
 * does not get several of the API server's by pipelining. Never rejects.
 */
export async function serve(desk: Desk, client: Client): Promise<void> {
  const before = [...desk.connections.of(client.request.socket).running].at(-1)
  const raw = rawRequest(client.request)
  const course = openCourse(desk, client.request, raw)
  client.response.once('finish', () => course.ended(course.ending))
  const request = admitted(desk, course, raw)
  // A refusal does not wait: Node keeps it until its turn.
  if (before && request.kind === 'admitted') await before.over
  if (request.kind === 'refused') {
    carryOut(desk, course, client, request)
  } else if (request.upgrade !== undefined) {
    // Node's parser did not see what we see: two readings of one head are never forwarded.
    const refusal = refuse(400, 'upgrade_refused', 'The request to upgrade is malformed.')
    carryOut(desk, course, client, refusal)
  } else {
    carryOut(desk, course, client, await decided(desk, course, request))
  }
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
