import { type Forward, outboundLines, type PassThrough, violation } from '../impersonation/index.ts'
import { type HeaderLine, type Refusal, refuse } from '../request/index.ts'
import type { Transport, Upstream } from '../upstream/index.ts'
import type { Course } from './course.ts'

/** A head that passed the last check. Nothing else may be handed to the {@link Upstream}. */
export interface OutboundHead {
  readonly kind: 'outbound'
  readonly transport: Transport
  readonly headers: readonly HeaderLine[]
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
  const credential = isOurs ? upstream.access().credential : undefined
  const headers = outboundLines(decision, {
    authority: upstream.authority(),
    credential,
    auditId: exchange.auditId,
    peerAddress: exchange.peerAddress,
  })
  if (violation(headers, decision, credential) !== undefined) {
    return refuse(
      500,
      'invariant_violated',
      'The gateway refused to send a request that is not safe.',
    )
  }
  return { kind: 'outbound', transport: isOurs ? 'gateway' : 'client', headers }
}
