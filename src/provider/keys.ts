import { customFetch, getJwksCache, setJwksCache } from 'openid-client'
import type { Provider } from './discover.ts'
import { keysUnavailable } from './errors.ts'

/**
 * Fetches the provider's signing keys before something is spent that cannot be spent twice: an
 * authorization code, or a refresh token that rotates. Without the keys the tokens that come for it
 * could not be verified, and would be lost.
 *
 * @throws OidcLoginError those of the connection, `provider_unavailable`,
 *   `provider_response_invalid`
 */
export async function fetchKeys(provider: Provider): Promise<void> {
  const { configuration, metadata } = provider
  const send = configuration[customFetch]
  if (metadata.jwks_uri === undefined || send === undefined || getJwksCache(configuration)) return
  const response = await send(metadata.jwks_uri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  })
  const keys = response.status === 200 ? parseKeys(await response.text()) : undefined
  if (keys === undefined) throw keysUnavailable(response.status, provider.issuer)
  setJwksCache(configuration, { jwks: { keys }, uat: Math.floor(Date.now() / 1000) })
}

/** A key set (RFC 7517 §5); undefined when the text is none. */
function parseKeys(text: string): Record<string, string>[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const keys: unknown = Object(value).keys
    return Array.isArray(keys) ? keys.filter(isKey) : undefined
  } catch {
    return undefined
  }
}

function isKey(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
