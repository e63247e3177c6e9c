import type { ServerMetadata } from 'openid-client'
import { notAProvider } from './errors.ts'

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'end_session_endpoint',
  'device_authorization_endpoint',
] as const

/**
 * Checks the endpoints of a discovery document. Some are opened in a browser, which would start a
 * program for `ms-msdt:` or show a local file.
 *
 * @param isPlain whether the issuer itself speaks plain http
 * @throws OidcLoginError `provider_response_invalid`
 */
export function checkEndpoints(
  metadata: Readonly<ServerMetadata>,
  issuer: string,
  isPlain: boolean,
): void {
  for (const name of endpoints) {
    const value: unknown = metadata[name]
    if (value === undefined || isUsable(value, isPlain)) continue
    throw notAProvider(`its ${name} is no URL that is ${isPlain ? 'http or ' : ''}https`, issuer)
  }
}

function isUsable(value: unknown, isPlain: boolean): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol } = new URL(value)
  return protocol === 'https:' || (protocol === 'http:' && isPlain)
}
