import type { IssuerState } from '../authentication/index.ts'

/** What readiness depends on. */
export interface ReadinessFacts {
  readonly isListening: boolean
  readonly isDraining: boolean
  readonly issuers: readonly IssuerState[]
  readonly requireAllIssuers: boolean
  /** Whether the API server has answered at least once since the start. */
  readonly hasReachedUpstream: boolean
  /** Whether it answered the last time when it was asked. */
  readonly isUpstreamAnswering: boolean
  /** Whether the API server's last word was that it does not accept the gateway's credential. */
  readonly isCredentialRefused: boolean
  /** Whether it lets the gateway impersonate. */
  readonly mayImpersonate: boolean
}

/** One thing that must be so before requests are sent here. */
export interface ReadinessCheck {
  readonly name: 'listener' | 'issuers' | 'upstream' | 'credential' | 'impersonation' | 'draining'
  readonly isGood: boolean
  /** What is worth knowing although it is good. */
  readonly note?: string
}

const notAnswering = 'does not answer at the moment; requests are told so'

/**
 * What stands between this process and its first request. A provider that fails later does not make it
 * unready: keys that were loaded go on to work, and one provider must not take the gateway of all others
 * away. Nor does an API server that is down: all replicas would be taken out of service, and their clients
 * would see refused connections in the place of an answer that says why.
 */
export function readiness(facts: ReadinessFacts): ReadinessCheck[] {
  const loaded = facts.issuers.map(({ keysLoadedAt }) => keysLoadedAt !== undefined)
  const hasKeys = facts.requireAllIssuers ? loaded.every(Boolean) : loaded.some(Boolean)
  return [
    { name: 'listener', isGood: facts.isListening },
    { name: 'issuers', isGood: hasKeys || loaded.length === 0 },
    {
      name: 'upstream',
      isGood: facts.hasReachedUpstream,
      ...(facts.hasReachedUpstream && !facts.isUpstreamAnswering ? { note: notAnswering } : {}),
    },
    { name: 'credential', isGood: !facts.isCredentialRefused },
    { name: 'impersonation', isGood: facts.mayImpersonate },
    { name: 'draining', isGood: !facts.isDraining },
  ]
}
