import type { Forward, PassThrough } from '../impersonation/index.ts'
import { isLongRunning, type Refusal, refuse } from '../request/index.ts'
import type { Sending } from '../upstream/index.ts'
import type { Course } from './course.ts'
import { countAnswer } from './decide.ts'
import type { Desk } from './desk.ts'
import { type Client, refusalFor, respond } from './respond.ts'
import { relayedHead } from './response-head.ts'
import type { Relay } from './screen.ts'
import { createStream, type Stream } from './stream.ts'
import { answerRefusal, failureRefusal } from './upstream-refusal.ts'

/** What the relay may do with the request whose answer it carries. */
export interface Control extends Sending {
  /** Sends it once more. @returns whether it may be sent again */
  repeat(): boolean
  /** It has an answer, and is not sent again. */
  settled(): void
}

interface Asked {
  readonly decision: Forward | PassThrough
  readonly client: Client
}

/** Carries an answer to the client, no faster than the client reads. */
export function createRelay(
  desk: Desk,
  course: Course,
  decision: Forward | PassThrough,
  client: Client,
  control: Control,
): Relay {
  const { exchange } = course
  const { answer } = client
  const { body, socket } = client.request
  // What is needed until there is an answer. A watch lasts for hours, and all that it knows with it.
  let asked: Asked | undefined = { decision, client }
  let isOver = false
  let trailers: ReadonlySet<string> = new Set()
  let stream: Stream | undefined
  const isLong = isLongRunning(decision.request.info)
  // A connection to a computer that has gone without a word looks like one to a slow API server.
  const forgetDeadline = isLong
    ? () => {}
    : desk.deadlines.add(desk.clock.now() + desk.limits.answerTimeoutMs, tooLate)

  function tooLate(): void {
    if (isOver || answer.hasBegun()) return
    refuseInstead(
      refuse(504, 'upstream_unreachable', 'The API server did not begin to answer in time.'),
    )
    control.abort()
  }

  function over(): void {
    isOver = true
    forgetDeadline()
    stream?.close()
  }

  function refuseInstead(refusal: Refusal): void {
    over()
    course.failed(refusal)
    course.answered(refusal.status)
    if (asked) {
      const own = refusalFor(asked.client, refusal, exchange.auditId)
      respond(asked.client, own, desk.isDraining)
    }
  }

  /** The client sees the end of a whole answer; the API server sees that nobody reads on. */
  function endEarly(): void {
    over()
    control.abort()
    answer.end()
  }

  function gone(): void {
    over()
    control.abort()
  }
  course.onGone = gone

  return {
    refuse(refusal) {
      if (!isOver) refuseInstead(refusal)
    },
    head(head) {
      if (!asked) return
      const { decision } = asked
      countAnswer(desk, course, decision, head.status)
      if (isOver) return
      forgetDeadline()
      const refusal = answerRefusal(decision, head)
      if (refusal) {
        refuseInstead(refusal)
        control.abort()
        return
      }
      const relayed = relayedHead(head)
      trailers = relayed.trailers
      asked = undefined
      control.settled()
      answer.begin(relayed, desk.isDraining || !body.isComplete())
      course.answered(relayed.status)
      if (isLong) {
        stream = createStream(desk, course, decision, relayed, endEarly)
      }
    },
    data(chunk) {
      if (isOver) return true
      const wanted = stream ? stream.next(chunk) : chunk
      exchange.bytesOut += wanted.length
      const isTaken = answer.write(wanted)
      if (stream?.isComplete()) endEarly()
      else if (!isTaken) answer.whenDrained(control.resume)
      return isTaken
    },
    end(lines) {
      if (isOver) return
      over()
      const announced = lines.filter(([name]) => trailers.has(name.toLowerCase()))
      answer.end(announced)
    },
    failed(failure) {
      if (isOver) return
      if (answer.hasBegun()) {
        over()
        course.ended('upstream_aborted')
        // Half an answer must not look like a whole one.
        socket.destroy()
      } else if (failure !== 'stale' || !control.repeat()) {
        refuseInstead(failureRefusal(failure))
      }
    },
  }
}
