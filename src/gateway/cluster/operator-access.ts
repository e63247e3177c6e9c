import { OidcLoginError } from '../../errors.ts'
import {
  chooseContext,
  kubeconfigFiles,
  readKubeconfig,
  type UserEntry,
} from '../../kubeconfig/index.ts'
import { apiServerOf } from '../../kubernetes/index.ts'
import type { HttpOptions, System } from '../../system/index.ts'
import { staticCredential } from '../server/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { pluginCredential } from './exec-plugin.ts'

/** How an operator reaches a cluster. */
export interface OperatorAccess {
  /** Name of the context. */
  readonly context: string
  /** URL of the API server, without a slash at the end. */
  readonly server: string
  /** PEM of the authorities of its certificate; empty for those of the system. */
  readonly certificateAuthorities: readonly string[]
  /** The connection with the operator's credential. */
  readonly http: Omit<HttpOptions, 'peer' | 'timeoutMs'>
}

/** Which kubeconfig, and which context of it. */
export interface ContextChoice {
  /** As given; by default as kubectl finds it. */
  readonly kubeconfig: string | undefined
  /** By default the current one. */
  readonly context: string | undefined
}

/**
 * How kubectl would reach the API server of a context, and as whom.
 *
 * @throws OidcLoginError `kubeconfig_invalid`, `file_unreadable`, `certificate_invalid`,
 *   `credential_plugin_failed`
 */
export async function operatorAccess(
  system: Pick<System, 'files' | 'env' | 'process'>,
  choice: ContextChoice,
): Promise<OperatorAccess> {
  const files = kubeconfigFiles(system, choice.kubeconfig)
  const chosen = chooseContext(readKubeconfig(system, files), choice.context)
  const where = files.paths.join(', ')
  if (chosen.kind === 'none') {
    throw invalid(
      `The kubeconfig ${where} has no current context.`,
      'Give --context, or choose one with "kubectl config use-context".',
    )
  }
  if (chosen.kind === 'unknown') {
    throw invalid(
      `The kubeconfig ${where} has no context "${chosen.name}".`,
      'See "kubectl config get-contexts".',
    )
  }
  const { context, cluster, user } = chosen
  if (cluster === undefined || user === undefined) {
    throw invalid(
      `The context "${context.name}" of the kubeconfig ${where} names a cluster or a user that is not there.`,
      'See "kubectl config view".',
    )
  }
  const { url, certificateAuthorities, tlsServerName, proxyUrl, ...api } = apiServerOf(
    system,
    cluster,
  )
  if (!url.startsWith('https://') || api.insecureSkipTlsVerify) {
    throw invalid(
      `The context "${context.name}" does not verify the API server, so nothing is sent there.`,
      'Correct "server" and "certificate-authority" of the cluster in the kubeconfig.',
    )
  }
  return {
    context: context.name,
    server: url.replace(/\/+$/, ''),
    certificateAuthorities,
    http: {
      certificateAuthorities,
      trustsOnlyThem: true,
      serverName: tlsServerName,
      proxyUrl,
      ...identity(await credentialOf(system, user)),
    },
  }
}

/** Fields of a user that this program would have to honour, and does not. */
const unknownFields = ['as', 'as-groups', 'as-uid', 'as-user-extra', 'username', 'auth-provider']

async function credentialOf(
  system: Pick<System, 'files' | 'env'>,
  user: UserEntry,
): Promise<UpstreamAccess['credential']> {
  const unknown = unknownFields.find((field) => user.fields.includes(field))
  if (unknown !== undefined) {
    throw invalid(
      `The user "${user.name}" of the kubeconfig ${user.path} has the field "${unknown}", which is not supported here.`,
      'Use a context whose user has a token, a client certificate or a credential plugin.',
    )
  }
  if (user.exec) return await pluginCredential(user.exec, user.path, system)
  return staticCredential(system, user, () =>
    invalid(
      `The user "${user.name}" of the kubeconfig ${user.path} has no credential.`,
      'Give it a token, a client certificate or a credential plugin.',
    ),
  )
}

function identity(
  credential: UpstreamAccess['credential'],
): Pick<HttpOptions, 'headers' | 'clientCertificate'> {
  const headers = { accept: 'application/json', 'user-agent': 'oidc-gateway' }
  if (credential.kind === 'token') {
    return { headers: { ...headers, authorization: `Bearer ${credential.token}` } }
  }
  const { certificate, key } = credential
  return { headers, clientCertificate: { certPem: certificate, keyPem: key } }
}

function invalid(message: string, hint: string): OidcLoginError {
  return new OidcLoginError('kubeconfig_invalid', message, { hint })
}
