import { X509Certificate } from 'node:crypto'
import type { System } from '../../system/index.ts'
import type { GatewayConfiguration, UpstreamFiles } from '../config/index.ts'
import type { ServingCertificate } from '../proxy/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { contextAccess } from './context-access.ts'
import { certificatePair, readCertificates, readText } from './pem-files.ts'
import { tokenOf } from './token-text.ts'

/** What the files hold that a configuration names. */
export interface Material {
  readonly serving: ServingCertificate
  readonly access: UpstreamAccess
  /** When the serving certificate ends, in milliseconds since the epoch. */
  readonly servingExpiresAt: number
  /** When the credential for the API server ends, likewise; undefined when it does not say. */
  readonly credentialExpiresAt: number | undefined
  /** The files: when one of them changes, all are read again. */
  readonly files: readonly string[]
}

/**
 * Reads certificates, keys and tokens, and checks that they fit: what is wrong with a file is said when it
 * is read, not when the first request fails.
 *
 * @throws OidcLoginError `file_unreadable`, `certificate_invalid`, `configuration_invalid` or
 *   `kubeconfig_invalid`; no message quotes what a file holds
 */
export function loadMaterial(
  system: Pick<System, 'files'>,
  configuration: GatewayConfiguration,
): Material {
  const { certFile, keyFile } = configuration.listen
  const serving = certificatePair(
    { text: readText(system, certFile), name: certFile },
    { text: readText(system, keyFile), name: keyFile },
  )
  const { upstream } = configuration
  const { access, files } =
    upstream.kind === 'context' ? contextAccess(system, upstream) : filesAccess(system, upstream)
  return {
    serving,
    access,
    servingExpiresAt: endOf(serving.certificate),
    credentialExpiresAt: credentialEnd(access),
    files: [certFile, keyFile, ...files],
  }
}

function filesAccess(
  system: Pick<System, 'files'>,
  upstream: UpstreamFiles,
): { readonly access: UpstreamAccess; readonly files: readonly string[] } {
  const { server, serverName, caFile, credential } = upstream
  const certificateAuthority = readCertificates(system, caFile)
  if (credential.kind === 'token') {
    const token = tokenOf(readText(system, credential.tokenFile), credential.tokenFile)
    return {
      access: { server, serverName, certificateAuthority, credential: { kind: 'token', token } },
      files: [caFile, credential.tokenFile],
    }
  }
  const { certFile, keyFile } = credential
  const pair = certificatePair(
    { text: readText(system, certFile), name: certFile },
    { text: readText(system, keyFile), name: keyFile },
  )
  return {
    access: {
      server,
      serverName,
      certificateAuthority,
      credential: { kind: 'certificate', ...pair },
    },
    files: [caFile, certFile, keyFile],
  }
}

function credentialEnd({ credential }: UpstreamAccess): number | undefined {
  return credential.kind === 'certificate'
    ? endOf(credential.certificate)
    : endOfToken(credential.token)
}

function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo)
}

/** A ServiceAccount token is a JWT; its end is for a metric, so nothing is verified. */
function endOfToken(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    const { exp } = Object(claims)
    return typeof exp === 'number' ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
