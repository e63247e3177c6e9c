import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { withBrackets } from './addresses.ts'
import type { CallbackExpectation } from './validate.ts'

/** Who we are to the browser, and what we wait for. */
export interface Site {
  /** Hosts that we listen on, without brackets. */
  readonly hosts: readonly string[]
  /** Whether we speak https. */
  readonly isSecure: boolean
  /** The redirect URI that the user registered, if it is not `http(s)://localhost:PORT`. */
  readonly redirectUrl: URL | undefined
  /** Where the answer comes to: `/` or the path of the redirect URL. */
  readonly callbackPath: string
  readonly expectation: CallbackExpectation
}

/**
 * Reads `--oidc-redirect-url`.
 *
 * @throws OidcLoginError `usage_invalid` when no browser could be sent there with an answer
 */
export function parseRedirectUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') {
    // RFC 6749 §3.1.2: a redirection endpoint has no fragment.
    if (!text.includes('#')) return url
  }
  throw new OidcLoginError(
    'usage_invalid',
    `The redirect URL "${printable(text, 80)}" cannot be used.`,
    { hint: 'Give --oidc-redirect-url as an http or https URL without "#".' },
  )
}

/** The target of a request, taken apart. */
export interface Target {
  /** Host and port as the browser wrote them, in lower case. */
  readonly authority: string
  readonly path: string
  readonly parameters: URLSearchParams
}

/**
 * Reads the request line's target in origin form or absolute form; the latter overrides the `Host`
 * header (RFC 9112 §3.2.2).
 *
 * @returns undefined for anything else
 */
export function parseTarget(target: string, hostHeader: string): Target | undefined {
  if (target.startsWith('/')) {
    const [path = '', ...query] = target.split('?')
    const parameters = new URLSearchParams(query.join('?'))
    return { authority: hostHeader.toLowerCase(), path, parameters }
  }
  const url = URL.canParse(target) ? new URL(target) : undefined
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === undefined || !isWeb || url.username !== '' || url.password !== '') return undefined
  return { authority: url.host, path: url.pathname, parameters: url.searchParams }
}

/** Whether a request names this listener, or the host that the redirect URL names. */
export function isOwnAuthority(authority: string, site: Site, port: number): boolean {
  if (authority === site.redirectUrl?.host) return true
  const defaultPort = site.isSecure ? 443 : 80
  return ['localhost', '127.0.0.1', '::1', ...site.hosts].map(withBrackets).some((host) => {
    return authority === `${host}:${port}` || (port === defaultPort && authority === host)
  })
}
