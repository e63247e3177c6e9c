import { X509Certificate } from 'node:crypto'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import type { ClusterClient, ClusterObject } from '../cluster/index.ts'
import { type KubernetesObject, labels } from '../manifests/index.ts'
import { certificatePair, readText } from '../server/index.ts'
import type { InitSettings } from './settings.ts'

/**
 * The Secret with the certificate that clients see, when it is ours to make; one that somebody else looks
 * after is only looked at.
 *
 * @throws OidcLoginError `file_unreadable`, `certificate_invalid`, `usage_invalid` without any certificate,
 *   `cluster_refused`
 */
export async function servingObjects(
  system: Pick<System, 'files' | 'clock'>,
  client: ClusterClient,
  { installation, serving, credentialFolder }: InitSettings,
): Promise<readonly KubernetesObject[]> {
  if (credentialFolder !== undefined) return []
  const { namespace, tlsSecretName: name, configuration } = installation
  const server = configuration.gateway.onboarding?.server
  const use = {
    host: server === undefined ? undefined : new URL(server).hostname.replace(/^\[|\]$/g, ''),
    now: system.clock.now(),
  }
  if (serving.kind === 'files') return [servingSecret(system, serving, { namespace, name }, use)]
  const secret = await client.get({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
  })
  if (secret === undefined) throw noCertificate(namespace, name)
  checkServingSecret(secret, use)
  return []
}

function noCertificate(namespace: string, name: string): OidcLoginError {
  return new OidcLoginError(
    'usage_invalid',
    `There is no certificate for clients to see: the Secret ${namespace}/${name} does not exist.`,
    {
      hint: 'Give --tls-cert and --tls-key, or let somebody make a Secret of the type kubernetes.io/tls (cert-manager, "kubectl create secret tls") and name it with --tls-secret.',
    },
  )
}

/** What a serving certificate is for. */
interface ServingUse {
  /** Host that clients connect to; undefined when the configuration does not name it. */
  readonly host: string | undefined
  /** Now, in milliseconds since the epoch. */
  readonly now: number
}

/** The Secret with the operator's certificate and key. */
function servingSecret(
  system: Pick<System, 'files'>,
  files: { readonly certFile: string; readonly keyFile: string },
  place: { readonly namespace: string; readonly name: string },
  use: ServingUse,
): KubernetesObject {
  const pair = certificatePair(
    { text: readText(system, files.certFile), name: files.certFile },
    { text: readText(system, files.keyFile), name: files.keyFile },
  )
  refuseUseless(pair.certificate, files.certFile, use)
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...place, labels },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(pair.certificate), 'tls.key': base64(pair.key) },
  }
}

/** Looks whether the gateway can serve with what is in a Secret. */
function checkServingSecret(secret: ClusterObject, use: ServingUse): void {
  const name = `Secret ${secret.metadata.namespace}/${secret.metadata.name}`
  const text = (key: string) => ({ text: textIn(secret, key) ?? '', name: `${key} of the ${name}` })
  const { certificate } = certificatePair(text('tls.crt'), text('tls.key'))
  refuseUseless(certificate, `the ${name}`, use)
}

/** A value of a Secret as text; undefined when it has none of that name. */
export function textIn(secret: ClusterObject, key: string): string | undefined {
  const value: unknown = Object(secret.data)[key]
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined
}

function refuseUseless(pem: string, name: string, { host, now }: ServingUse): void {
  const certificate = new X509Certificate(pem)
  if (Date.parse(certificate.validTo) <= now) {
    throw invalid(`The serving certificate in ${name} has expired.`, 'Get a new one.')
  }
  if (host === undefined) return
  if (certificate.checkHost(host) ?? certificate.checkIP(host)) return
  throw invalid(
    `The serving certificate in ${name} is not for ${host}, where people are to connect.`,
    'Get one for that name, or correct "onboarding.server" in the configuration.',
  )
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('certificate_invalid', message, { hint })
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
