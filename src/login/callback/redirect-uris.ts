import { parseListenAddresses } from './addresses.ts'
import { parseRedirectUrl } from './site.ts'

/** A redirect URI that a sign-in may use. */
export interface RedirectUri {
  readonly uri: string
  /** Whether its port is an example: the true one is any that is free. */
  readonly isExample: boolean
}

/** From where the system takes free ports. */
const examplePort = 49_152

/**
 * The redirect URIs that the provider must have registered so that every address can be used, in the
 * order in which the addresses are tried.
 *
 * @param addresses values of `--listen-address`
 * @param redirectUrl value of `--oidc-redirect-url`
 * @throws OidcLoginError `usage_invalid`
 */
export function redirectUrisFor(
  addresses: readonly string[],
  redirectUrl: string | undefined,
  isSecure: boolean,
): RedirectUri[] {
  const parsed = parseListenAddresses(addresses)
  if (parseRedirectUrl(redirectUrl) && redirectUrl !== undefined) {
    return [{ uri: redirectUrl, isExample: false }]
  }
  return [...new Set(parsed.map(({ port }) => port))].map((port) => ({
    uri: `${isSecure ? 'https' : 'http'}://localhost:${port || examplePort}`,
    isExample: port === 0,
  }))
}
