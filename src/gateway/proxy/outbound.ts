import { type HeadLines, headLines } from '../http1/index.ts'
import {
  type Forward,
  type OutboundContext,
  outboundLines,
  type PassThrough,
  violation,
} from '../impersonation/index.ts'
import { type HeaderLine, type Refusal, refuse } from '../request/index.ts'
import type { Transport, Upstream } from '../upstream/index.ts'
import type { Course } from './course.ts'

/** A head that passed the last check. Nothing else may be handed to the {@link Upstream}. */
export interface OutboundHead {
  readonly kind: 'outbound'
  readonly transport: Transport
  readonly headers: HeadLines
  /** What no other request has. It stands behind them. */
  readonly ownHeaders: readonly HeaderLine[]
}

/**
 * Builds the head and checks it, immediately before it is sent: plain requests and upgrades both come by
 * here (rule A6, CVE-2026-41050).
 */
export function outboundHead(
  upstream: Upstream,
  decision: Forward | PassThrough,
  { exchange }: Course,
): OutboundHead | Refusal {
  const isOurs = decision.kind === 'forward'
  const headers = checkedLines(decision, {
    authority: upstream.authority(),
    credential: isOurs ? upstream.access().credential : undefined,
    peerAddress: exchange.peerAddress,
  })
  if (!headers) {
    return refuse(
      500,
      'invariant_violated',
      'The gateway refused to send a request that is not safe.',
    )
  }
  return {
    kind: 'outbound',
    transport: isOurs ? 'gateway' : 'client',
    headers,
    // The same id stands in our audit log and in the API server's (rule B9).
    ownHeaders: [['Audit-ID', exchange.auditId]],
  }
}

/** All that lines are made of, and what became of it. */
interface Checked {
  readonly decision: Forward | PassThrough
  readonly context: OutboundContext
  readonly headers: HeadLines
}

/** By what travels on of known lines: what a connection does not know any more is forgotten here. */
const earlier = new WeakMap<readonly HeaderLine[], Checked>()

/** @returns undefined when something is wrong with them */
function checkedLines(
  decision: Forward | PassThrough,
  context: OutboundContext,
): HeadLines | undefined {
  const { endToEnd, repeatsLines } = decision.request
  const known = repeatsLines ? earlier.get(endToEnd) : undefined
  if (known && isSame(known, decision, context)) return known.headers
  const lines = outboundLines(decision, context)
  if (violation(lines, decision, context.credential) !== undefined) return undefined
  const headers = headLines(lines)
  if (repeatsLines) earlier.set(endToEnd, { decision, context, headers })
  return headers
}

/** Whether the same lines would come of it: then they have passed the check already, as they are. */
function isSame(
  known: Checked,
  decision: Forward | PassThrough,
  { authority, credential, peerAddress }: OutboundContext,
): boolean {
  return (
    known.decision.kind === decision.kind &&
    known.decision.impersonation === decision.impersonation &&
    passedToken(known.decision) === passedToken(decision) &&
    known.context.authority === authority &&
    known.context.credential === credential &&
    known.context.peerAddress === peerAddress
  )
}

/** The token that is passed on, if there is one. */
function passedToken(decision: Forward | PassThrough): string | undefined {
  return decision.kind === 'passthrough' ? decision.token : undefined
}
