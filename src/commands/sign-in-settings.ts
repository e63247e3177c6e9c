import { OidcLoginError } from '../errors.ts'
import { type GrantType, grantTypes, type SignInSettings } from '../login/index.ts'
import type { PkceMethod, ProviderSettings } from '../provider/index.ts'
import type { System } from '../system/index.ts'
import { type ClientSettings, clientSettings } from './client-settings.ts'
import { sessionIdentity } from './identity.ts'
import { readNamedFile, secretOf } from './named-file.ts'
import type { OptionValues } from './options.ts'
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
    listenAddresses: options.list('listen-address'),
    listenerTls: listenerTls(system, options),
    skipOpenBrowser: options.flag('skip-open-browser'),
    browserCommand: options.text('browser-command'),
    authenticationTimeoutMs: options.durationMs('authentication-timeout-sec') ?? 0,
    openUrlAfterAuthentication: webPage(options, 'open-url-after-authentication'),
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

/** The part of {@link providerSettings} that does not depend on which provider is meant. */
export function connectionSettings(
  system: System,
  options: OptionValues,
): Omit<ProviderSettings, 'issuer' | 'clientId' | keyof ClientSettings> {
  return {
    certificateAuthorities: certificateAuthorities(system, options),
    insecureSkipTlsVerify: options.flag('insecure-skip-tls-verify'),
    insecureAllowHttp: options.flag('insecure-allow-http'),
    requestHeaders: options.map('oidc-request-header'),
    proxyUrl: options.text('proxy-url'),
    requestTimeoutMs: options.durationMs('request-timeout-sec') ?? 15_000,
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

function certificateAuthorities(system: System, options: OptionValues): string[] {
  const files = options
    .list('certificate-authority')
    .filter((path) => path !== '')
    .map((path) => ({ pem: readNamedFile(system, path), source: path }))
  const inline = options
    .list('certificate-authority-data')
    .filter((data) => data !== '')
    .map((data) => ({
      pem: Buffer.from(data, 'base64').toString('utf8'),
      source: '--certificate-authority-data',
    }))
  return [...files, ...inline].map(({ pem, source }) => {
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
    throw new OidcLoginError('certificate_invalid', `${source} holds no PEM certificate.`, {
      hint: 'Give a file that begins with "-----BEGIN CERTIFICATE-----", or its base64.',
    })
  })
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

function webPage(options: OptionValues, name: string): string | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new OidcLoginError('usage_invalid', `The value of --${name} is not an http or https URL.`)
}
