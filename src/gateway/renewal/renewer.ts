import { isDeepStrictEqual } from 'node:util'
import { type CertificateFacts, certificateFacts, certificateSecret } from '../certificate/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'
import { clearProof } from './clear-proof.ts'
import { type RenewalCluster, renewalCluster } from './cluster.ts'
import { RenewalFailure, wordsOf } from './failure.ts'
import { type Obtained, obtain } from './obtain.ts'
import type { RenewalOptions } from './renewal-options.ts'
import { youngerIn } from './stored-pair.ts'
import { renewalTimes } from './times.ts'

/**
 * Renews the certificate in use when it is due.
 *
 * @returns whether something was done, and well
 * @throws RenewalFailure, NoAnswer, and the signal's reason
 */
export type Renewer = (inUse: CertificateFacts, signal: AbortSignal) => Promise<boolean>

/** Makes the renewer of one gateway. It remembers a certificate that could not be saved. */
export function renewer(options: RenewalOptions): Renewer {
  const { clock, log } = options
  let unsaved: Obtained | undefined
  /** What stood in the Secret and was not accepted: it is not tried again and again. */
  let refused: string | undefined

  async function usefulIn(
    cluster: RenewalCluster,
    settings: CertificateRenewal,
    than: CertificateFacts,
  ): Promise<UpstreamCertificate | undefined> {
    const stored = await storedIn(cluster, settings, than, clock.now())
    return stored?.certificate === refused ? undefined : stored
  }

  async function save(cluster: RenewalCluster, settings: CertificateRenewal): Promise<void> {
    if (unsaved === undefined) return
    await apply(cluster, settings.secret, unsaved)
    unsaved = undefined
  }

  return async (inUse, signal) => {
    const settings = options.settings()
    if (settings === undefined) return false
    const cluster = renewalCluster(options.access, signal)
    if (unsaved) {
      const other = await storedIn(cluster, settings, unsaved.facts, clock.now())
      if (other) unsaved = undefined
      await save(cluster, settings)
      log.info('The client certificate in use is in its Secret now.')
      return true
    }
    if (clock.now() < renewalTimes(inUse, options.spread).dueAt) return false
    const { commonName, notAfter } = inUse
    if (commonName === undefined) throw notRenewable()
    const stored = await usefulIn(cluster, settings, inUse)
    if (stored) {
      const access = { ...options.access(), credential: stored }
      if ((await clearProof(clock, access, commonName, signal)) === 'good') {
        options.adopt(stored)
        log.info('The client certificate was renewed by another replica, and is in use.')
        return true
      }
      refused = stored.certificate
      log.warn('The Secret holds a client certificate that the API server does not accept.')
    }
    // What another replica has done is seen in the Secret before it comes into the files.
    const isOver = async (): Promise<boolean> =>
      hasMoved(options, settings, inUse) ||
      (await usefulIn(cluster, settings, inUse).catch(() => undefined)) !== undefined
    unsaved = await obtain(
      options,
      { settings, cluster, commonName, endsAt: notAfter, isOver },
      signal,
    )
    if (unsaved === undefined) {
      log.info('The client certificate needs no renewal by this replica any more.')
      return false
    }
    const { pair, facts } = unsaved
    try {
      await save(cluster, settings)
    } finally {
      // It is good, whether it could be saved or not.
      options.adopt(pair)
    }
    log.info('The client certificate was renewed and is in use.', {
      until: new Date(facts.notAfter).toISOString(),
    })
    return true
  }
}

async function storedIn(
  cluster: RenewalCluster,
  { secret }: CertificateRenewal,
  than: CertificateFacts,
  now: number,
): Promise<UpstreamCertificate | undefined> {
  return youngerIn(await cluster.readSecret(secret), than, now)
}

async function apply(
  cluster: RenewalCluster,
  secret: CertificateRenewal['secret'],
  { pair, facts, requestName }: Obtained,
): Promise<void> {
  const { certificate, key } = pair
  const { notAfter } = facts
  try {
    await cluster.applySecret(
      certificateSecret({ ...secret, certificate, key, notAfter, requestName }),
    )
  } catch (error) {
    const { reason, remedy } = wordsOf(error)
    throw new RenewalFailure(
      `The new client certificate is in use, but could not be saved: ${reason}`,
      `${remedy} Until it is saved a restart would lose it.`,
    )
  }
}

/** Whether another certificate is in use than the one that was to be renewed, or the settings are others. */
function hasMoved(
  { access, settings }: RenewalOptions,
  asked: CertificateRenewal,
  inUse: CertificateFacts,
): boolean {
  try {
    const { credential } = access()
    return (
      credential.kind !== 'certificate' ||
      certificateFacts(credential.certificate).serial !== inUse.serial ||
      !isDeepStrictEqual(settings(), asked)
    )
  } catch {
    // Files that cannot be read at this moment are no reason to give up a request that is under way.
    return false
  }
}

function notRenewable(): RenewalFailure {
  return new RenewalFailure(
    'The client certificate names more than a plain name, so the gateway does not ask for another one like it.',
    'Give it a certificate whose subject is a common name alone, without organizations, or remove upstream.renewal.',
  )
}
