import { OidcLoginError, systemErrorCode } from '../errors.ts'
import { type GrantType, grantTypes, type SignInSettings } from '../login/index.ts'
import type { PkceMethod, ProviderSettings } from '../provider/index.ts'
import { expandHome } from '../session/index.ts'
import type { System } from '../system/index.ts'
import { sessionIdentity } from './identity.ts'
import type { OptionValues } from './options.ts'

/**
 * Reads how to sign in from the options, and the files that they name.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`
 */
export function signInSettings(
  system: System,
  options: OptionValues,
  mayReadTerminal: boolean,
): SignInSettings {
  return {
    identity: sessionIdentity(options),
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
    mayReadTerminal,
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
    clientSecret: options.text('oidc-client-secret'),
    ...connectionSettings(system, options),
  }
}

/** The part of {@link providerSettings} that does not depend on which provider is meant. */
export function connectionSettings(
  system: System,
  options: OptionValues,
): Omit<ProviderSettings, 'issuer' | 'clientId' | 'clientSecret'> {
  return {
    certificateAuthorities: certificateAuthorities(system, options),
    insecureSkipTlsVerify: options.flag('insecure-skip-tls-verify'),
    insecureAllowHttp: options.flag('insecure-allow-http'),
    requestHeaders: options.map('oidc-request-header'),
    proxyUrl: options.text('proxy-url'),
    requestTimeoutMs: options.durationMs('request-timeout-sec') ?? 15_000,
  }
}

function pkceMethod(options: OptionValues): PkceMethod {
  const method = options.text('oidc-pkce-method')
  return method === 'no' || method === 'S256' ? method : 'auto'
}

function certificateAuthorities(system: System, options: OptionValues): string[] {
  const files = options
    .list('certificate-authority')
    .filter((path) => path !== '')
    .map((path) => ({ pem: readFile(system, path), source: path }))
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
  return { certPem: readFile(system, certificate), keyPem: readFile(system, key) }
}

function webPage(options: OptionValues, name: string): string | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new OidcLoginError('usage_invalid', `The value of --${name} is not an http or https URL.`)
}

function readFile(system: System, path: string): string {
  const absolute = expandHome(system, path)
  let contents: ReturnType<System['files']['read']>
  try {
    contents = system.files.read(absolute)
  } catch (error) {
    throw unreadable(absolute, systemErrorCode(error) ?? 'it is too large')
  }
  if (contents === undefined) throw unreadable(absolute, 'there is no such file')
  return contents.text
}

function unreadable(path: string, why: string): OidcLoginError {
  return new OidcLoginError('file_unreadable', `The file ${path} cannot be read: ${why}.`, {
    hint: 'Check the path; a relative one starts at the current folder.',
  })
}
