import { OidcLoginError } from '../../errors.ts'
import { inSeconds } from '../../seconds.ts'
import type { System } from '../../system/index.ts'
import {
  approved,
  clientSigner,
  createKeyAndRequest,
  type SigningProgress,
  signingProgress,
  signingRequest,
  signingRequestLabels,
  signingRequestName,
  verifyIssued,
} from '../certificate/index.ts'
import {
  type ClusterClient,
  type ClusterObject,
  objectPath,
  parseObject,
} from '../cluster/index.ts'
import { rightOn } from './needed-rights.ts'
import { missingRights } from './rights-preflight.ts'
import type { CertificateSettings } from './settings.ts'

/** A certificate and its key, both PEM, and where it came from. */
export interface IssuedCertificate {
  readonly certificate: string
  readonly key: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
  /** The request, which is of no more use when the certificate is in its place. */
  readonly request: ClusterObject
}

/** What is to be issued, and how long somebody may take for it. */
export interface CertificateOrder extends CertificateSettings {
  readonly commonName: string
  /** First part of the names of requests. */
  readonly prefix: string
  readonly timeoutMs: number
}

const pollMs = 500

/**
 * Gets a client certificate from the cluster: key, request, approval, issue, and a look at what came back.
 * The key is in this process only. Requests that an earlier run has left are deleted: their keys are lost.
 *
 * @param tell what goes on, for the operator
 * @throws OidcLoginError `certificate_denied`, `certificate_not_issued`, `cluster_refused`
 */
export async function obtainCertificate(
  system: Pick<System, 'clock' | 'interrupted'>,
  client: ClusterClient,
  order: CertificateOrder,
  tell: (line: string) => void,
): Promise<IssuedCertificate> {
  await removeRequests(client, order.prefix)
  const { key, request } = createKeyAndRequest(order.commonName)
  const name = signingRequestName(order.prefix)
  const object = signingRequest({ name, request, validityMs: order.validityMs })
  const created = parseObject(await client.create(object, requestsPath))
  if (created === undefined) throw denied('The API server does not show the request.')
  tell(`created    CertificateSigningRequest ${name}`)
  const path = objectPath(object)
  if (order.approves) {
    await approve(client, created, path)
    tell(`approved   CertificateSigningRequest ${name}`)
  } else {
    tell(`waiting until somebody approves it: kubectl certificate approve ${name}`)
  }
  const text = await issued(system, client, path, order)
  const { now } = system.clock
  const verdict = verifyIssued(text, { ...order, key, now: now() })
  if (verdict.kind === 'refused') {
    throw denied(`${verdict.why} It is not used.`)
  }
  tell(`issued     a certificate until ${new Date(verdict.facts.notAfter).toISOString()}`)
  if (verdict.lastsLonger)
    tell('warning: it lasts longer than was asked for, and cannot be revoked.')
  return {
    certificate: verdict.pem,
    key,
    notAfter: verdict.facts.notAfter,
    request: created,
  }
}

/** Deletes the requests of this installation, also those that somebody has answered meanwhile. */
export async function removeRequests(client: ClusterClient, prefix: string): Promise<void> {
  for (const request of await ownRequests(client, prefix)) await client.remove(request)
}

/** The requests of this installation that are still there; none for whoever may not list them. */
export async function ownRequests(
  client: ClusterClient,
  prefix: string,
): Promise<readonly ClusterObject[]> {
  const selector = Object.entries(signingRequestLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  const kind = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: {},
  }
  const right = rightOn('list', { ...kind, metadata: { name: '' } })
  if ((await missingRights(client, [right])).length > 0) return []
  const requests = await client.list(kind, selector)
  return requests.filter(({ metadata: { name } }) =>
    new RegExp(`^${prefix}-[0-9a-f]{10}$`).test(name),
  )
}

const requestsPath = '/apis/certificates.k8s.io/v1/certificatesigningrequests'

async function approve(client: ClusterClient, created: object, path: string): Promise<void> {
  const body = approved(created, 'OidcGatewayInit', 'Approved by whoever ran "oidc-gateway init".')
  const { status, json } = await client.send({ method: 'PUT', path: `${path}/approval`, body })
  if (status < 400) return
  const { message } = Object(json)
  throw new OidcLoginError(
    'cluster_refused',
    `The API server refuses the approval: ${typeof message === 'string' ? message : status}.`,
    { hint: 'Leave it to an administrator with --no-approve.' },
  )
}

async function issued(
  system: Pick<System, 'clock' | 'interrupted'>,
  client: ClusterClient,
  path: string,
  { timeoutMs, approves }: CertificateOrder,
): Promise<string> {
  const end = system.clock.elapsed() + timeoutMs
  for (;;) {
    const { status, json } = await client.send({ method: 'GET', path })
    if (status === 404) throw denied('Somebody has deleted the request.')
    const progress: SigningProgress = signingProgress(json)
    if (progress.kind === 'issued') return progress.certificate
    if (progress.kind === 'denied') throw denied(`The request was denied: ${progress.why}.`)
    if (progress.kind === 'failed') throw denied(`The signer failed: ${progress.why}.`)
    if (system.clock.elapsed() >= end) throw notIssued(progress.kind, timeoutMs, approves)
    await system.clock.sleep(pollMs, system.interrupted)
  }
}

function denied(message: string): OidcLoginError {
  return new OidcLoginError('certificate_denied', message, {
    hint: 'Ask the administrator of the cluster why; --credential=token needs no certificate.',
  })
}

function notIssued(
  kind: 'pending' | 'approved',
  timeoutMs: number,
  approves: boolean,
): OidcLoginError {
  const after = `within ${inSeconds(timeoutMs)}`
  if (kind === 'pending' && !approves) {
    return new OidcLoginError('certificate_not_issued', `Nobody approved the request ${after}.`, {
      hint: 'Run the same command again: it makes a new request. --timeout gives more time.',
    })
  }
  return new OidcLoginError(
    'certificate_not_issued',
    `The request is approved, but nobody has signed it ${after}: this cluster seems to have no signer for ${clientSigner}, as EKS has none.`,
    { hint: 'Use --credential=token, which every cluster can.' },
  )
}
