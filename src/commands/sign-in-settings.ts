import { OidcLoginError } from '../errors.ts'
import { type GrantType, grantTypes, type SignInSettings } from '../login/index.ts'
import type { PkceMethod, ProviderSettings } from '../provider/index.ts'
import type { System } from '../system/index.ts'
import { clientSettings } from './client-settings.ts'
import { connectionSettings } from './connection-settings.ts'
import type { OptionValues } from './given-options.ts'
import { sessionIdentity } from './identity.ts'
import { readNamedFile, secretOf } from './named-file.ts'
import { presentedTokens } from './presented-tokens.ts'

/** How the person in front of the computer can be talked to. */
export type Person = Pick<SignInSettings, 'mayReadTerminal' | 'mayAsk'>

/**
 * Reads how to sign in from the options, and the files that they name.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`
 */
export function signInSettings(
  system: System,
  options: OptionValues,
  person: Person,
): SignInSettings {
  return {
    identity: sessionIdentity(options),
    oneTimeParameters: oneTimeParameters(options),
    provider: providerSettings(system, options),
    grantType:
      grantTypes.find((type) => type === options.text('grant-type')) ??
      ('auto' satisfies GrantType),
    extraScopes: options.list('oidc-extra-scope'),
    pkceMethod: pkceMethod(options),
    redirectUrl: options.text('oidc-redirect-url'),
    listenAddresses: listenAddresses(options),
    listenerTls: listenerTls(system, options),
    skipOpenBrowser: options.flag('skip-open-browser'),
    browserCommand: options.text('browser-command'),
    authenticationTimeoutMs: options.durationMs('authentication-timeout-sec') ?? 0,
    openUrlAfterAuthentication: webPage(system, options, 'open-url-after-authentication'),
    pushAuthorizationRequest: options.flag('oidc-par'),
    username: options.text('username'),
    password: secretOf(system, options, 'password'),
    presented: presentedTokens(system, options),
    ...person,
  }
}

/**
 * Reads how to reach the provider from the options, and the certificates that they name.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`
 */
export function providerSettings(system: System, options: OptionValues): ProviderSettings {
  const identity = sessionIdentity(options)
  return {
    issuer: identity.issuer,
    clientId: identity.clientId,
    ...clientSettings(system, options),
    ...connectionSettings(system, options),
  }
}

function oneTimeParameters(options: OptionValues): Readonly<Record<string, string>> {
  const prompt = options.text('prompt')
  return prompt === undefined ? {} : { prompt }
}

function pkceMethod(options: OptionValues): PkceMethod {
  if (options.flag('oidc-use-pkce')) return 'S256'
  const method = options.text('oidc-pkce-method')
  return method === 'no' || method === 'S256' ? method : 'auto'
}

function listenerTls(system: System, options: OptionValues): SignInSettings['listenerTls'] {
  const certificate = options.text('local-server-cert')
  const key = options.text('local-server-key')
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined) {
    throw new OidcLoginError(
      'usage_invalid',
      'The options --local-server-cert and --local-server-key belong together; one is missing.',
    )
  }
  return { certPem: readNamedFile(system, certificate), keyPem: readNamedFile(system, key) }
}

/** No address at all means any free port, as with int128/kubelogin. */
function listenAddresses(options: OptionValues): readonly string[] {
  const given = options.list('listen-address')
  return given.length > 0 ? given : ['127.0.0.1:0']
}

/** int128/kubelogin takes any text, so it is no error: such kubeconfigs sign in. */
function webPage(
  system: Pick<System, 'terminal'>,
  options: OptionValues,
  name: string,
): string | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  system.terminal.stderr(`Ignored, because it is not an http or https URL: --${name}.`)
  return undefined
}
