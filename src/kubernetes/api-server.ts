import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { ClusterEntry } from '../kubeconfig/index.ts'
import type { System } from '../system/index.ts'

/** How an API server is reached. */
export interface ApiServer {
  /** Its URL; a path, as of an API server behind a multiplexer, is kept. */
  readonly url: string
  /** PEM certificates that its certificate is checked with; without any, those of the system. */
  readonly certificateAuthorities: readonly string[]
  /** The name that its certificate must be for; by default the host of the URL. */
  readonly tlsServerName?: string | undefined
  /** Whether its certificate is not verified. */
  readonly insecureSkipTlsVerify?: boolean | undefined
  /** The proxy on the way to it; by default the environment decides. */
  readonly proxyUrl?: string | undefined
}

/**
 * How the API server of a cluster entry is reached, as client-go reads the entry.
 *
 * @throws OidcLoginError `kubeconfig_invalid` when it names no server, `file_unreadable`,
 *   `certificate_invalid`
 */
export function apiServerOf(system: Pick<System, 'files'>, cluster: ClusterEntry): ApiServer {
  const { server, name, path } = cluster
  if (!server) {
    throw new OidcLoginError(
      'kubeconfig_invalid',
      `The cluster "${name}" in the kubeconfig ${path} has no server.`,
      { hint: `Run: kubectl config set-cluster ${name} --server=https://…` },
    )
  }
  return {
    url: server,
    certificateAuthorities: certificateAuthorities(system, cluster),
    tlsServerName: cluster.tlsServerName || undefined,
    insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
    proxyUrl: cluster.proxyUrl || undefined,
  }
}

/** The data count more than the file (client-go `rest.loadTLSFiles`). */
function certificateAuthorities(
  system: Pick<System, 'files'>,
  { certificateAuthorityData: data, certificateAuthority: path, name }: ClusterEntry,
): string[] {
  if (data) {
    return [
      pem(
        Buffer.from(data, 'base64').toString('utf8'),
        `certificate-authority-data of the cluster "${name}"`,
      ),
    ]
  }
  return path ? [pem(read(system, path), path)] : []
}

function read(system: Pick<System, 'files'>, path: string): string {
  let why = 'there is no such file'
  try {
    const contents = system.files.read(path)
    if (contents !== undefined) return contents.text
  } catch (error) {
    why = systemErrorCode(error) ?? 'it is too large'
  }
  throw new OidcLoginError('file_unreadable', `The file ${path} cannot be read: ${why}.`, {
    hint: 'Check "certificate-authority" of the cluster in the kubeconfig.',
  })
}

function pem(text: string, source: string): string {
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new OidcLoginError('certificate_invalid', `${source} holds no PEM certificate.`, {
    hint: 'Take the certificate authority of the cluster from its operator, or from another kubeconfig.',
  })
}
