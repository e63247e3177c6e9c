import type { ExpiryAction } from '../config/index.ts'
import type { Forward, PassThrough } from '../impersonation/index.ts'
import type { CutReason } from './client-connection.ts'
import type { Course } from './course.ts'
import type { Desk } from './desk.ts'
import type { RelayedHead } from './response-head.ts'
import { boundaryFor } from './stream-boundary.ts'

/** An answer that lasts: it may be ended before its time, but not within an event. */
export interface Stream {
  /** @returns what of a chunk is to be passed on */
  next(chunk: Buffer): Buffer
  /** Whether it is to end now, after what was passed on. */
  isComplete(): boolean
  /** It has ended; nothing ends it any more. */
  close(): void
}

/** How long the rest of an event is waited for. */
const patienceMs = 10_000

/**
 * Watches over an answer that lasts.
 *
 * @param end ends it at once
 */
export function createStream(
  desk: Desk,
  course: Course,
  decision: Forward | PassThrough,
  head: RelayedHead,
  end: () => void,
): Stream {
  const boundary = boundaryFor(head.headers)
  let isCut = false
  let isComplete = false
  const forgets: (() => void)[] = []

  course.isWatch = decision.request.info.verb === 'watch'
  function cut(reason: CutReason, isPatient: boolean): void {
    course.ending = reason
    if (!isPatient || boundary.isReached()) {
      end()
      return
    }
    isCut = true
    forgets.push(desk.deadlines.add(desk.clock.now() + patienceMs, end))
  }
  course.cut = cut
  const action = course.isWatch ? desk.streams.watchOnExpiry : desk.streams.upgradeOnExpiry
  forgets.push(onExpiry(desk, course, decision, action))
  // It came upon a connection that was already open; the next one will be elsewhere.
  if (desk.isDraining && course.isWatch) queueMicrotask(() => course.cut?.('drained', true))

  return {
    next(chunk) {
      const rest = isCut ? boundary.rest(chunk) : undefined
      isComplete = rest !== undefined
      const wanted = rest === undefined ? chunk : chunk.subarray(0, rest)
      boundary.passed(wanted)
      return wanted
    },
    isComplete: () => isComplete,
    close() {
      course.cut = undefined
      for (const forget of forgets) forget()
    },
  }
}

/**
 * Ends a stream when the token that opened it has expired, if that is configured (rule G7).
 *
 * @returns forgets it
 */
export function onExpiry(
  desk: Desk,
  course: Course,
  decision: Forward | PassThrough,
  action: ExpiryAction,
): () => void {
  if (decision.kind === 'passthrough' || action.kind === 'ignore') return () => {}
  const graceMs = action.kind === 'grace' ? action.seconds * 1000 : 0
  const reason: CutReason = 'token_expired'
  return desk.deadlines.add(decision.identity.expiresAt + graceMs, () => course.cut?.(reason, true))
}
