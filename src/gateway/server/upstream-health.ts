import type { Clock } from '../../system/index.ts'
import type { UpstreamOutcome } from '../kubernetes/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { ExchangeObserver } from '../proxy/index.ts'
import type { RefusalReason } from '../request/index.ts'

/** What is known of the API server, for readiness. */
export interface UpstreamHealth {
  readonly hasReachedUpstream: () => boolean
  readonly isCredentialRefused: () => boolean
  readonly mayImpersonate: () => boolean
  /** How it received the gateway's last own request; undefined before the first. */
  readonly lastOutcome: () => UpstreamOutcome['kind'] | undefined
  /** Learns from requests that are forwarded anyway. */
  readonly observer: ExchangeObserver
  /** Asks until it is stopped: often while something is wrong, seldom otherwise. */
  watch(signal: AbortSignal): Promise<void>
}

/** Refusals that say something about the API server, or about us before it. */
const doubtful: ReadonlySet<RefusalReason> = new Set([
  'upstream_unreachable',
  'upstream_credential_refused',
  'upstream_impersonation_refused',
])

/** Between two questions, in milliseconds. */
const whenGoodMs = 60_000
const whenBadMs = 5_000
const atLeastMs = 1_000

/**
 * Keeps an eye on the API server. A gateway whose credential was taken away must say so by its
 * readiness, and notice by itself when it is given back: nobody sends requests to an unready one. Only
 * the gateway's own request counts; what befalls a forwarded one, which an aggregated API server may have
 * answered, is but a reason to ask at once.
 *
 * @param ask sends the gateway's own request; never rejects
 */
export function upstreamHealth(
  ask: (signal: AbortSignal) => Promise<UpstreamOutcome>,
  clock: Clock,
  log: GatewayLog,
): UpstreamHealth {
  let hasReached = false
  let last: UpstreamOutcome['kind'] | undefined
  /** Aborted when there is a reason to ask before it is time; renewed when a question begins. */
  let doubt = new AbortController()

  const learn = (outcome: UpstreamOutcome): void => {
    if (outcome.kind !== 'unreachable') hasReached = true
    if (outcome.kind !== last) tell(log, outcome)
    last = outcome.kind
  }
  return {
    hasReachedUpstream: () => hasReached,
    isCredentialRefused: () => last === 'credential_refused',
    mayImpersonate: () => last !== 'impersonation_refused',
    lastOutcome: () => last,
    observer: {
      started: () => undefined,
      ended({ refusal }) {
        if (refusal !== undefined && doubtful.has(refusal)) doubt.abort()
      },
    },
    async watch(signal) {
      while (!signal.aborted) {
        doubt = new AbortController()
        learn(await ask(signal))
        await rest(clock, atLeastMs, signal)
        const restMs = (last === 'good' ? whenGoodMs : whenBadMs) - atLeastMs
        await rest(clock, restMs, AbortSignal.any([signal, doubt.signal]))
      }
    },
  }
}

/** Ends early, and without an error, when it is aborted. */
async function rest(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(durationMs, signal).catch(() => undefined)
}

function tell(log: GatewayLog, outcome: UpstreamOutcome): void {
  if (outcome.kind === 'good') log.info('The API server answers, and lets the gateway impersonate.')
  else log.error(faultOf(outcome))
}

function faultOf(outcome: Exclude<UpstreamOutcome, { readonly kind: 'good' }>): string {
  switch (outcome.kind) {
    case 'unreachable':
      return `The API server does not answer: ${outcome.message}. Requests are answered with an error until it does.`
    case 'credential_refused':
      return 'The API server does not accept the credential of the gateway. Check the ServiceAccount token or the client certificate.'
    case 'impersonation_refused':
      return `The API server does not let the gateway impersonate (${outcome.message}). Grant the right with RBAC; \`oidc-gateway doctor\` prints the rule.`
  }
}
