import type { Exchange } from '../proxy/index.ts'
import { parseTarget, requestInfo } from '../request/index.ts'
import { identity } from './samples.ts'

/** John's request for the services, forwarded and answered, with what a test changes. */
export function exchange(more: Partial<Exchange> = {}): Exchange {
  const method = more.method ?? 'GET'
  const target = more.target ?? '/api/v1/namespaces/default/services'
  const parsed = parseTarget(target)
  const john = more.identity ?? identity()
  return {
    auditId: 'id-1',
    method,
    target,
    info: parsed.kind === 'target' ? requestInfo(method, parsed) : undefined,
    peerAddress: '192.0.2.1',
    userAgent: 'kubectl/v1.32.0',
    startedAt: 1_000,
    isUpgrade: false,
    identity: john,
    effectiveUser: john.user,
    isPassthrough: false,
    refusal: undefined,
    status: 200,
    bytesIn: 0,
    bytesOut: 512,
    answeredAt: 1_004,
    endedAt: 1_010,
    closeReason: 'completed',
    ...more,
  }
}
