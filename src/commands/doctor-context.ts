import type { Discovery, DoctorContext } from '../doctor/index.ts'
import { OidcLoginError } from '../errors.ts'
import { discoverProvider, type ProviderSettings } from '../provider/index.ts'
import { sessionKey } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { clusterOf, readEntry } from './doctor-entry.ts'
import type { OptionValues } from './given-options.ts'
import { sessionIdentity } from './identity.ts'
import { everySessionStore, sessionStore } from './session-store.ts'
import { providerSettings } from './sign-in-settings.ts'

/**
 * What the doctor looks at: the provider and the session of the options, which come from the entry of
 * the kubeconfig unless the command line names another provider.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid` for options that were
 *   given on the command line; those of the entry are the affair of a check
 */
export async function doctorContext(system: System, given: OptionValues): Promise<DoctorContext> {
  const { options, kubeconfig } = readEntry(system, given)
  const isProviderNamed =
    options.text('oidc-issuer-url') !== undefined && options.text('oidc-client-id') !== undefined
  const identity = isProviderNamed ? sessionIdentity(options) : undefined
  let discovery: Promise<Discovery> | undefined
  return {
    system,
    kubeconfig,
    cluster: clusterOf(kubeconfig, given.text('context'), identity),
    provider: identity && providerSettings(system, options),
    extraScopes: options.list('oidc-extra-scope'),
    extraParameters: options.map('oidc-auth-request-extra-params'),
    listenAddresses: options.list('listen-address'),
    redirectUrl: options.text('oidc-redirect-url'),
    isListenerSecure: options.text('local-server-cert') !== undefined,
    browserCommand: options.text('browser-command'),
    skipOpenBrowser: options.flag('skip-open-browser'),
    storage: options.text('token-cache-storage') ?? 'disk',
    store: await sessionStore(system, options),
    everyStore: await everySessionStore(system, options),
    key: identity && sessionKey(identity),
    discover: (settings) => {
      discovery ??= discover(system, settings)
      return discovery
    },
  }
}

async function discover(system: System, settings: ProviderSettings): Promise<Discovery> {
  try {
    return { kind: 'found', provider: await discoverProvider(system, settings) }
  } catch (error) {
    if (error instanceof OidcLoginError && error.code !== 'interrupted') {
      return { kind: 'failed', error }
    }
    throw error
  }
}
