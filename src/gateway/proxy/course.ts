import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clock } from '../../system/index.ts'
import type { Decision } from '../impersonation/index.ts'
import { headerValue, type RawRequest, type Refusal } from '../request/index.ts'
import type { ClientAddress } from './client-address.ts'
import type { ClientConnection, CutReason, Running } from './client-connection.ts'
import type { Connections } from './connections.ts'
import type { CloseReason, Exchange, ExchangeObserver } from './exchange.ts'

/** An exchange from its head to its end: it fills in the {@link Exchange} and tells the observers. */
export interface Course extends Running {
  readonly exchange: Exchange
  readonly connection: ClientConnection
  /** How it will have ended when the answer has been sent. */
  ending: CloseReason
  /**
   * Gives up what was begun, because the client is gone. Here and below: V8 allocates a function that is
   * written in an assignment to a property for a long life, and what it knows lives as long; a function with
   * a name of its own does not.
   */
  onGone: (() => void) | undefined
  /** Told when it has ended, whatever the end. */
  onEnded: (() => void) | undefined
  /** Ends a stream: between two events when there is patience for it. Undefined for what ends by itself. */
  cut: ((reason: CutReason, isPatient: boolean) => void) | undefined
  /** Whether it waits for events: its client will simply ask again. */
  isWatch: boolean
  /** The decision is taken, and perhaps cannot be carried out. */
  decided(decision: Decision, obstacle?: Refusal): void
  /** It cannot be carried out, as turned out later. */
  failed(refusal: Refusal): void
  answered(status: number): void
  /** Only the first reason counts. */
  ended(reason: CloseReason): void
}

/** Where courses are kept. */
export interface Book {
  readonly observer: ExchangeObserver
  readonly clock: Clock
  readonly connections: Connections
  readonly clientAddress: ClientAddress
}

/** Opens the book on a request whose head has arrived. */
export function openCourse(book: Book, socket: Socket, raw: RawRequest): Course {
  const { observer, clock } = book
  const connection = book.connections.of(socket)
  const exchange: Exchange = {
    auditId: randomUUID(),
    method: raw.method,
    target: raw.target,
    info: undefined,
    peerAddress: book.clientAddress(connection.address, raw.headers),
    userAgent: headerValue(raw.headers, 'user-agent'),
    startedAt: clock.now(),
    isUpgrade: false,
    identity: undefined,
    effectiveUser: undefined,
    isPassthrough: false,
    refusal: undefined,
    status: 0,
    bytesIn: 0,
    bytesOut: 0,
    answeredAt: undefined,
    endedAt: undefined,
    closeReason: undefined,
  }
  let isStarted = false
  const start = (): void => {
    if (!isStarted) observer.started(exchange)
    isStarted = true
  }
  const course: Course = {
    exchange,
    connection,
    ending: 'completed',
    onGone: undefined,
    onEnded: undefined,
    cut: undefined,
    isWatch: false,
    decided(decision, obstacle) {
      if (decision.kind === 'forward') {
        exchange.identity = decision.identity
        exchange.effectiveUser = decision.user
      }
      exchange.isPassthrough = decision.kind === 'passthrough'
      const refusal = obstacle ?? (decision.kind === 'refused' ? decision : undefined)
      exchange.refusal = refusal?.reason
      if (refusal) course.ending = 'refused'
      start()
    },
    failed(refusal) {
      exchange.refusal = refusal.reason
      course.ending = 'upstream_failed'
    },
    answered(status) {
      exchange.status = status
      exchange.answeredAt = clock.now()
      observer.answered?.(exchange)
    },
    ended(reason) {
      if (exchange.closeReason !== undefined) return
      start()
      exchange.closeReason = reason
      exchange.endedAt = clock.now()
      if (connection.running === course) connection.running = undefined
      observer.ended(exchange)
      course.onEnded?.()
      // What is over must not keep alive what took part in it.
      course.onGone = undefined
      course.onEnded = undefined
      course.cut = undefined
    },
    gone(reason) {
      course.onGone?.()
      course.ended(reason ?? (exchange.refusal === undefined ? 'client_aborted' : course.ending))
    },
  }
  connection.running = course
  return course
}
