import { createPrivateKey, X509Certificate } from 'node:crypto'
import { OidcLoginError } from '../errors.ts'
import {
  type ClientAuthMethod,
  clientAuthMethods,
  type ProviderSettings,
  parseClientKey,
} from '../provider/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { readNamedFile, readToken, secretOf } from './named-file.ts'

/** The part of the provider's settings that says how the client proves itself. */
export type ClientSettings = Pick<
  ProviderSettings,
  'clientSecret' | 'clientAuthMethod' | 'clientKey' | 'clientAssertion' | 'clientCertificate'
>

/**
 * Reads how the client proves itself, and the files that are named for it.
 *
 * @throws OidcLoginError `usage_invalid` for options that contradict each other,
 *   `file_unreadable`, `certificate_invalid`
 */
export function clientSettings(system: System, options: OptionValues): ClientSettings {
  const settings: ClientSettings = {
    clientSecret: secretOf(system, options, 'oidc-client-secret'),
    clientAuthMethod: methodOf(options),
    clientKey: clientKey(system, options),
    clientAssertion: clientAssertion(system, options),
    clientCertificate: clientCertificate(system, options),
  }
  checkContradictions(settings)
  return settings
}

function methodOf(options: OptionValues): ClientAuthMethod {
  const name = options.text('oidc-client-auth-method')
  return clientAuthMethods.find((method) => method === name) ?? 'auto'
}

function clientKey(system: System, options: OptionValues): ClientSettings['clientKey'] {
  const path = options.text('oidc-client-key')
  const keyId = options.text('oidc-client-key-id')
  if (path === undefined) {
    if (keyId === undefined) return undefined
    throw contradiction('--oidc-client-key-id needs --oidc-client-key')
  }
  const key = parseClientKey(readNamedFile(system, path))
  if (key === undefined) {
    throw new OidcLoginError('certificate_invalid', `${path} holds no private key that can sign.`, {
      hint: 'Give an RSA, P-256, P-384, P-521 or Ed25519 key as PEM without a passphrase, or as one JWK.',
    })
  }
  return { ...key, keyId: keyId ?? key.keyId }
}

function clientAssertion(system: System, options: OptionValues): string | undefined {
  const path = options.text('oidc-client-assertion-file')
  return path === undefined ? undefined : readToken(system, path)
}

function clientCertificate(
  system: System,
  options: OptionValues,
): ClientSettings['clientCertificate'] {
  const certificate = options.text('oidc-client-certificate')
  const key = options.text('oidc-client-certificate-key')
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined) {
    throw contradiction(
      '--oidc-client-certificate and --oidc-client-certificate-key belong together',
    )
  }
  const pair = {
    certPem: readNamedFile(system, certificate),
    keyPem: readNamedFile(system, key),
  }
  if (isPair(pair)) return pair
  throw new OidcLoginError(
    'certificate_invalid',
    `${certificate} and ${key} are not a certificate and its private key.`,
    { hint: 'Give PEM files that belong together; the key must have no passphrase.' },
  )
}

function isPair({ certPem, keyPem }: { certPem: string; keyPem: string }): boolean {
  try {
    return new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem))
  } catch {
    return false
  }
}

/** None of these options is known to int128/kubelogin, so no kubeconfig relies on them. */
function checkContradictions(settings: ClientSettings): void {
  const { clientAuthMethod: method, clientSecret, clientKey, clientCertificate } = settings
  const { clientAssertion } = settings
  const isSecretMethod = method.startsWith('client_secret_')
  if (isSecretMethod && clientSecret === undefined) {
    throw contradiction(`--oidc-client-auth-method=${method} needs --oidc-client-secret-file`)
  }
  if (method === 'private_key_jwt' && clientKey === undefined) {
    throw contradiction(`--oidc-client-auth-method=${method} needs --oidc-client-key`)
  }
  if (method === 'tls_client_auth' && clientCertificate === undefined) {
    throw contradiction(`--oidc-client-auth-method=${method} needs --oidc-client-certificate`)
  }
  if (clientKey !== undefined && method !== 'private_key_jwt' && method !== 'auto') {
    throw contradiction(`--oidc-client-auth-method=${method} does not use --oidc-client-key`)
  }
  if (clientKey !== undefined && clientSecret !== undefined && method === 'auto') {
    throw contradiction('--oidc-client-key and --oidc-client-secret exclude each other')
  }
  if (clientAssertion !== undefined) {
    const other = clientSecret ?? clientKey
    if (other !== undefined || method !== 'auto') {
      throw contradiction(
        '--oidc-client-assertion-file goes without secret, key and --oidc-client-auth-method',
      )
    }
  }
  if (clientSecret !== undefined && !isSecretMethod && method !== 'auto') {
    throw contradiction(`--oidc-client-auth-method=${method} does not use --oidc-client-secret`)
  }
}

function contradiction(what: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', `The options contradict each other: ${what}.`, {
    hint: 'Run "kubectl oidc-login help get-token" for all options.',
  })
}
