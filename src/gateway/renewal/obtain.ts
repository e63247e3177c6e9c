import {
  approved,
  type CertificateFacts,
  createKeyAndRequest,
  signingRequest,
  signingRequestName,
  verifyIssued,
} from '../certificate/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import type { UpstreamCertificate } from '../upstream/index.ts'
import { awaitCertificate, tellAwaited } from './await-certificate.ts'
import { clearProof } from './clear-proof.ts'
import type { RenewalCluster } from './cluster.ts'
import { RenewalFailure } from './failure.ts'
import type { RenewalOptions } from './renewal-options.ts'

/** A certificate that has proved itself. */
export interface Obtained {
  readonly pair: UpstreamCertificate
  readonly facts: CertificateFacts
  /** The request that it came from. */
  readonly requestName: string
}

/** What {@link obtain} needs beside the options. */
export interface ObtainContext {
  readonly settings: CertificateRenewal
  readonly cluster: RenewalCluster
  /** The name that it is for. */
  readonly commonName: string
  /** When the certificate in use ends, in milliseconds since the epoch. */
  readonly endsAt: number
  /** Whether another certificate has come meanwhile, or other settings. */
  readonly isOver: () => Promise<boolean>
}

/**
 * Asks the cluster for a certificate with a new key, waits for it, looks at it and tries it.
 *
 * @returns undefined when it is not needed any more
 * @throws RenewalFailure, NoAnswer, and the signal's reason
 */
export async function obtain(
  options: RenewalOptions,
  context: ObtainContext,
  signal: AbortSignal,
): Promise<Obtained | undefined> {
  const { clock, log, observer } = options
  const { settings, cluster, commonName, endsAt, isOver } = context
  const { key, request } = createKeyAndRequest(commonName)
  const name = signingRequestName('oidc-gateway')
  const { validityMs, approval } = settings
  const created = await cluster.createRequest(signingRequest({ name, request, validityMs }))
  if (approval === 'external' || !(await approve(options, cluster, name, created))) {
    tellAwaited(log, name, endsAt)
    observer.awaitsApproval(true)
  }
  try {
    const text = await awaitCertificate({ name, clock, log, cluster, endsAt, isOver }, signal)
    if (text === undefined) return undefined
    return await verified(options, { text, key, commonName, validityMs, name }, signal)
  } finally {
    observer.awaitsApproval(false)
  }
}

async function approve(
  { log }: RenewalOptions,
  cluster: RenewalCluster,
  name: string,
  created: unknown,
): Promise<boolean> {
  const body = approved(
    Object(created),
    'GatewayRenewal',
    'The gateway renews its certificate; upstream.renewal.approval is self.',
  )
  const isAllowed = await cluster.approveRequest(name, body)
  if (!isAllowed) {
    log.error(
      'The gateway may not approve its own request, although upstream.renewal.approval is self. Grant it, as oidc-gateway doctor prints, or approve by hand.',
      { request: name },
    )
  }
  return isAllowed
}

interface Issued {
  readonly text: string
  readonly key: string
  readonly commonName: string
  readonly validityMs: number
  readonly name: string
}

async function verified(
  { clock, log, access }: RenewalOptions,
  { text, key, commonName, validityMs, name }: Issued,
  signal: AbortSignal,
): Promise<Obtained> {
  const verdict = verifyIssued(text, { commonName, key, validityMs, now: clock.now() })
  if (verdict.kind === 'refused') {
    throw new RenewalFailure(
      `What the signer issued for ${name} is not what was asked for. ${verdict.why}`,
      'It is not used. Look at the signer, and at who may write the status of certificatesigningrequests.',
    )
  }
  const { pem, facts, lastsLonger } = verdict
  if (lastsLonger) {
    log.warn('The new client certificate lasts longer than upstream.renewal.validity.', {
      until: new Date(facts.notAfter).toISOString(),
    })
  }
  const pair: UpstreamCertificate = { kind: 'certificate', certificate: pem, key }
  const proof = await clearProof(clock, { ...access(), credential: pair }, commonName, signal)
  if (proof === 'good') return { pair, facts, requestName: name }
  throw new RenewalFailure(
    proof === 'refused'
      ? 'The API server does not accept the new client certificate.'
      : 'The API server sees somebody else in the new client certificate.',
    'It is not used. Compare --client-ca-file of kube-apiserver with --cluster-signing-cert-file of kube-controller-manager.',
  )
}
