import type { Clock } from '../../system/index.ts'
import { type SigningProgress, signingProgress } from '../certificate/index.ts'
import { NoAnswer } from '../kubernetes/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { RenewalCluster } from './cluster.ts'
import { RenewalFailure } from './failure.ts'

/** What {@link awaitCertificate} needs. */
export interface Waiting {
  readonly name: string
  readonly clock: Clock
  readonly log: GatewayLog
  readonly cluster: Pick<RenewalCluster, 'readRequest'>
  /** When the certificate in use ends, in milliseconds since the epoch. */
  readonly endsAt: number
  /** Whether there is nothing to wait for any more. */
  readonly isOver: () => Promise<boolean>
}

const firstPauseMs = 500
const longestPauseMs = 10_000

/** How often those who are to approve are reminded. */
const reminderMs = 60 * 60 * 1000

/** A signer that is there answers in seconds. */
const signerMs = 60 * 1000

/**
 * Waits until a request is approved and signed, for days if need be.
 *
 * @returns what the signer has issued, unverified; undefined when there is nothing to wait for any more
 * @throws RenewalFailure when there will be none, NoAnswer never, and the signal's reason
 */
export async function awaitCertificate(
  waiting: Waiting,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { name, clock } = waiting
  let pauseMs = firstPauseMs
  const tell = teller(waiting)
  for (;;) {
    await clock.sleep(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
    if (await waiting.isOver()) return undefined
    const progress = await look(waiting)
    switch (progress?.kind) {
      case 'issued':
        return progress.certificate
      case 'denied':
        throw new RenewalFailure(
          `The request ${name} was denied: ${progress.why}.`,
          'Ask whoever has denied it; another request follows.',
        )
      case 'failed':
        throw new RenewalFailure(
          `The signer could not answer the request ${name}: ${progress.why}.`,
          'Look at the log of kube-controller-manager; another request follows.',
        )
      case 'pending':
      case 'approved':
        tell(progress.kind)
    }
  }
}

/** @returns undefined when the API server gives no answer, which need not last */
async function look({ name, cluster }: Waiting): Promise<SigningProgress | undefined> {
  let request: unknown
  try {
    request = await cluster.readRequest(name)
  } catch (error) {
    if (error instanceof NoAnswer) return undefined
    throw error
  }
  if (request === undefined) {
    throw new RenewalFailure(
      `The request ${name} is gone: Kubernetes deletes what nobody has approved within a day.`,
      'Approve the next one, which follows.',
    )
  }
  return signingProgress(request)
}

function teller({ name, clock, log, endsAt }: Waiting): (kind: 'pending' | 'approved') => void {
  let remindAt = clock.elapsed() + reminderMs
  let approvedAt: number | undefined
  let isSignerMissed = false
  return (kind) => {
    const now = clock.elapsed()
    if (kind === 'pending' && now >= remindAt) {
      remindAt = now + reminderMs
      tellAwaited(log, name, endsAt)
    }
    if (kind === 'approved') approvedAt ??= now
    if (approvedAt !== undefined && now - approvedAt > signerMs && !isSignerMissed) {
      isSignerMissed = true
      log.error(
        'The request for a client certificate is approved, but nobody signs it: the cluster may have no signer kubernetes.io/kube-apiserver-client. Use a token there (upstream.tokenFile).',
        { request: name },
      )
    }
  }
}

/** Says which approval is awaited, and until when. */
export function tellAwaited(log: GatewayLog, name: string, endsAt: number): void {
  log.warn(
    `The renewal of the client certificate waits for an approval: kubectl certificate approve ${name}`,
    { request: name, until: new Date(endsAt).toISOString() },
  )
}
