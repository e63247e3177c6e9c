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
  if (metadata.jwks_uri === undefined || send === undefined || hasFreshKeys(provider)) return
  const response = await send(metadata.jwks_uri, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
  })
  const keys = response.status === 200 ? parseKeys(await response.text()) : undefined
  if (keys === undefined) throw keysUnavailable(response.status, provider.issuer)
  setJwksCache(configuration, { jwks: { keys }, uat: nowSec() - freshForSec })
}

/**
 * Fetches the keys ahead, while a person signs in. A failure is not told: {@link fetchKeys} asks again when
 * they are needed.
 */
export async function fetchKeysAhead(provider: Provider): Promise<void> {
  try {
    await fetchKeys(provider)
  } catch {
    // The sign-in may still take minutes, and the hiccup be over by then.
  }
}

/**
 * A key that is missing in a set is asked for once more when the set is older than this, as oauth4webapi does
 * it. Ours is called so old from the beginning: the provider may change its keys while a person signs in.
 */
const freshForSec = 60

function hasFreshKeys({ configuration }: Provider): boolean {
  const uat = getJwksCache(configuration)?.uat
  return uat !== undefined && nowSec() - (uat + freshForSec) < freshForSec
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000)
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
