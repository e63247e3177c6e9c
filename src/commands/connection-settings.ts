import { OidcLoginError } from '../errors.ts'
import {
  endpointNames,
  type GivenEndpoints,
  isLoopback,
  type ProviderSettings,
} from '../provider/index.ts'
import type { System } from '../system/index.ts'
import type { ClientSettings } from './client-settings.ts'
import type { OptionValues } from './given-options.ts'
import { readNamedFile } from './named-file.ts'

/** The part of the provider's settings that does not depend on which provider is meant. */
export type ConnectionSettings = Omit<
  ProviderSettings,
  'issuer' | 'clientId' | keyof ClientSettings
>

/**
 * Reads how the provider is reached, and the certificates that are named for it.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `certificate_invalid`
 */
export function connectionSettings(system: System, options: OptionValues): ConnectionSettings {
  return {
    certificateAuthorities: certificateAuthorities(system, options),
    insecureSkipTlsVerify: options.flag('insecure-skip-tls-verify'),
    insecureAllowHttp: options.flag('insecure-allow-http'),
    tlsServerName: options.text('tls-server-name'),
    tlsMinVersion: options.text('tls-min-version') === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
    // Node cannot count renegotiations; a connection of ours carries one request.
    tlsRenegotiation:
      options.flag('tls-renegotiation-once') || options.flag('tls-renegotiation-freely'),
    discoveryUrl: endpoint(options, 'oidc-discovery-url'),
    endpoints: givenEndpoints(options),
    requestHeaders: options.map('oidc-request-header'),
    proxyUrl: options.text('proxy-url'),
    requestTimeoutMs: options.durationMs('request-timeout-sec') ?? 15_000,
  }
}

function givenEndpoints(options: OptionValues): GivenEndpoints | undefined {
  const given = endpointNames.flatMap((name) => {
    const url = endpoint(options, `oidc-${name.replaceAll('_', '-')}`)
    return url === undefined ? [] : [[name, url] as const]
  })
  return given.length > 0 ? Object.fromEntries(given) : undefined
}

/** What is sent to an endpoint is as secret as what is sent to the issuer. */
function endpoint(options: OptionValues, name: string): string | undefined {
  const text = options.text(name)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlainAllowed = options.flag('insecure-allow-http') || isLoopback(url?.hostname ?? '')
  const isUsable = url?.protocol === 'https:' || (url?.protocol === 'http:' && isPlainAllowed)
  if (isUsable && url.username === '' && url.password === '' && url.hash === '') return text
  throw new OidcLoginError('usage_invalid', `The value of --${name} cannot be used.`, {
    hint: 'Give a whole https URL without user name, password and fragment. In a laboratory, --insecure-allow-http accepts http.',
  })
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
