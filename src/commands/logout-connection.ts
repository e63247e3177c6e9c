import { OidcLoginError } from '../errors.ts'
import type { SessionIdentity } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { type ClientSettings, clientSettings } from './client-settings.ts'
import { type ConnectionSettings, connectionSettings } from './connection-settings.ts'
import type { OptionValues } from './given-options.ts'

/** How a provider is reached, and how the client proves itself there. */
export type LogoutConnection = ConnectionSettings & ClientSettings

/**
 * How the provider of a session is reached, and how the client proves itself, without which a
 * confidential one can revoke nothing: as the options say, else as the user of the kubeconfig says
 * who signs in as the same client.
 *
 * @param isOnly whether the options can only mean this client. What belongs to one client, a secret
 *   or an endpoint, is used for no other: it would be shown to another provider.
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid` for the options
 */
export async function logoutConnection(
  system: System,
  options: OptionValues,
  { identity, isOnly }: { readonly identity: SessionIdentity; readonly isOnly: boolean },
): Promise<LogoutConnection> {
  const common = connectionSettings(system, options)
  const given: LogoutConnection = isOnly
    ? { ...common, ...clientSettings(system, options) }
    : { ...common, ...noWay, requestHeaders: {}, clientAuthMethod: 'auto' }
  const hasProof =
    given.clientSecret ?? given.clientKey ?? given.clientAssertion ?? given.clientCertificate
  const hasWay = given.discoveryUrl ?? given.endpoints ?? given.tlsServerName
  if (hasProof && hasWay) return given
  const configured = await configuredConnection(system, options, identity)
  if (configured === undefined) return given
  return {
    ...given,
    ...(hasWay ? {} : wayOf(configured)),
    ...(hasProof ? {} : proofOf(configured)),
  }
}

/** Where a provider is that is not where its issuer says. */
type Way = Pick<ConnectionSettings, 'discoveryUrl' | 'endpoints' | 'tlsServerName'>

const noWay: Way = { discoveryUrl: undefined, endpoints: undefined, tlsServerName: undefined }

function wayOf({ discoveryUrl, endpoints, tlsServerName }: Way): Way {
  return { discoveryUrl, endpoints, tlsServerName }
}

function proofOf(settings: ClientSettings): ClientSettings {
  const { clientSecret, clientAuthMethod, clientKey, clientAssertion, clientCertificate } = settings
  return { clientSecret, clientAuthMethod, clientKey, clientAssertion, clientCertificate }
}

async function configuredConnection(
  system: System,
  options: OptionValues,
  { issuer, clientId }: SessionIdentity,
): Promise<LogoutConnection | undefined> {
  const { kubeconfigFiles, readKubeconfig } = await import('../kubeconfig/index.ts')
  const { pluginUsers } = await import('./kubeconfig-users.ts')
  try {
    const kubeconfig = readKubeconfig(system, kubeconfigFiles(system, options.text('kubeconfig')))
    const user = pluginUsers(kubeconfig).find(
      (one) => one.identity.issuer === issuer && one.identity.clientId === clientId,
    )
    return (
      user && {
        ...connectionSettings(system, user.options),
        ...clientSettings(system, user.options),
      }
    )
  } catch (error) {
    if (!(error instanceof OidcLoginError)) throw error
    // Logging out must not fail because of a file that it only looks into.
    system.terminal.stderr(`The kubeconfig is not used: ${error.message}`)
    return undefined
  }
}
