import type { Decision, Forward } from '../impersonation/index.ts'
import {
  type AdmittedRequest,
  isLongRunning,
  type RawRequest,
  type Refusal,
  refuse,
} from '../request/index.ts'
import type { Course } from './course.ts'
import type { Desk } from './desk.ts'

/** Looks at a request before anybody is asked about it. */
export function admitted(desk: Desk, course: Course, raw: RawRequest): AdmittedRequest | Refusal {
  const { connection, exchange } = course
  if (connection.isSurplus) {
    return refuse(503, 'overloaded', 'The gateway has more connections than it serves.')
  }
  if (desk.failures.isBlocked(exchange.peerAddress)) return tooManyFailures
  const request = desk.admission(raw)
  if (request.kind === 'admitted') exchange.info = request.info
  else countFailure(desk, course, request)
  return request
}

/** Takes the decision, at once where nobody has to be asked. Never throws and never rejects. */
export function decided(
  desk: Desk,
  course: Course,
  request: AdmittedRequest,
): Decision | Promise<Decision> {
  const { connection, exchange } = course
  try {
    const peer = { address: exchange.peerAddress }
    const decision = desk.judge.judge(request, peer, connection.signal)
    if (decision instanceof Promise) {
      return decision.then((known) => counted(desk, course, known)).catch(() => atFault)
    }
    return counted(desk, course, decision)
  } catch {
    return atFault
  }
}

/** A fault of ours must neither let anybody in nor end the sessions of others (rule G6). */
const atFault: Refusal = refuse(500, 'invariant_violated', 'The gateway could not take a decision.')

function counted(desk: Desk, course: Course, decision: Decision): Decision {
  if (decision.kind === 'refused') countFailure(desk, course, decision)
  return decision.kind === 'forward' ? shared(desk, course, decision) : decision
}

/** One user among many: his request is counted until it is over. */
function shared(desk: Desk, course: Course, decision: Forward): Forward | Refusal {
  const { info, upgrade } = decision.request
  const kind = upgrade !== undefined || isLongRunning(info) ? 'long' : 'short'
  const release = desk.shares.take(decision.identity, kind)
  if (!release) return refuse(429, 'overloaded', 'You have too many requests under way.')
  course.onEnded = release
  return decision
}

const tooManyFailures: Refusal = refuse(
  429,
  'overloaded',
  'Too many refused credentials came from this address.',
)

/**
 * A token that is passed on unseen is judged by the API server: its no counts as ours does, or strangers
 * could make it look at as many as they like (rule G3).
 */
export function countAnswer(
  desk: Desk,
  { exchange }: Course,
  decision: Decision,
  status: number,
): void {
  const isJudged = decision.kind === 'passthrough' && decision.token !== undefined
  if (isJudged && status === 401) desk.failures.failed(exchange.peerAddress)
}

/** Only a credential that was shown and refused looks like guessing. */
function countFailure(desk: Desk, { exchange }: Course, { status, reason }: Refusal): void {
  if (status === 401 && reason !== 'credential_missing') desk.failures.failed(exchange.peerAddress)
}
