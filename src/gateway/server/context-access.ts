import { OidcLoginError } from '../../errors.ts'
import { type Kubeconfig, readKubeconfig, type UserEntry } from '../../kubeconfig/index.ts'
import { apiServerOf } from '../../kubernetes/index.ts'
import type { System } from '../../system/index.ts'
import type { UpstreamContext } from '../config/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { staticCredential } from './static-credential.ts'

/**
 * How the API server of a context is reached, with the credential that stands in the kubeconfig.
 *
 * @throws OidcLoginError `kubeconfig_invalid` for what a gateway cannot use: no certificate authority,
 *   an unverified server, a proxy, a credential plugin
 */
export function contextAccess(
  system: Pick<System, 'files'>,
  upstream: UpstreamContext,
): { readonly access: UpstreamAccess; readonly files: readonly string[] } {
  const { kubeconfig: file } = upstream
  const kubeconfig = readKubeconfig(system, { paths: [file], defaultPath: file })
  const refuse = (why: string): OidcLoginError =>
    new OidcLoginError(
      'kubeconfig_invalid',
      `The gateway cannot run with the kubeconfig ${file}: ${why}.`,
      {
        hint: 'Give the API server by server, caFile and tokenFile instead.',
      },
    )
  const context = named(kubeconfig.contexts, upstream.context ?? kubeconfig.currentContext)
  const cluster = named(kubeconfig.clusters, context?.cluster)
  const user = named(kubeconfig.users, context?.user)
  if (!context || !cluster || !user) throw refuse('the context, its cluster or its user is missing')
  const server = apiServerOf(system, cluster)
  if (server.insecureSkipTlsVerify) throw refuse('it does not verify the API server')
  if (server.proxyUrl) throw refuse('it reaches the API server through a proxy')
  const [certificateAuthority] = server.certificateAuthorities
  if (certificateAuthority === undefined) throw refuse('the cluster has no certificate authority')
  const url = new URL(server.url)
  if (url.protocol !== 'https:' || url.pathname !== '/')
    throw refuse('the server is not https://host')
  return {
    access: {
      server: url.origin,
      serverName: server.tlsServerName,
      certificateAuthority,
      credential: staticCredential(system, user, () =>
        refuse('its user has neither a token nor a client certificate of its own'),
      ),
    },
    files: [file, ...filesOf(kubeconfig, user)],
  }
}

function named<T extends { readonly name: string }>(
  entries: readonly T[],
  name: string | undefined,
): T | undefined {
  return entries.find((entry) => entry.name === name)
}

function filesOf(kubeconfig: Kubeconfig, { credential }: UserEntry): string[] {
  const { tokenFile, clientCertificate, clientKey } = credential
  const authorities = kubeconfig.clusters.map(({ certificateAuthority }) => certificateAuthority)
  return [tokenFile, clientCertificate, clientKey, ...authorities].filter(
    (path) => path !== undefined,
  )
}
