import { OidcLoginError } from '../errors.ts'

/**
 * Checks an issuer URL before anything is sent to it. https is demanded (OpenID Connect Discovery
 * §3); http is accepted for this computer itself, where nobody can listen on the way.
 *
 * @param isHttpAllowed accepts http for every computer
 * @throws OidcLoginError `issuer_invalid`
 */
export function parseIssuer(text: string, isHttpAllowed: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw invalid(`"${text}" is not a URL`)
  if (url.username !== '' || url.password !== '')
    throw invalid('it contains a user name or password')
  if (url.search !== '' || url.hash !== '') throw invalid('it has a query or a fragment')
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') throw invalid(`"${text}" does not begin with https://`)
  if (isHttpAllowed || isLoopback(url.hostname)) return url
  throw new OidcLoginError(
    'issuer_invalid',
    'The issuer URL cannot be used: it is http, not https, so tokens could be read on the way.',
    { hint: 'Use https. In a laboratory, --insecure-allow-http accepts it.' },
  )
}

/** Whether a host name can only mean this computer (RFC 6761 §6.3, RFC 8252 §8.3). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function invalid(why: string): OidcLoginError {
  return new OidcLoginError('issuer_invalid', `The issuer URL cannot be used: ${why}.`, {
    hint: 'Give the URL that the provider documents, for example --oidc-issuer-url=https://sso.example.com/realms/demo.',
  })
}
