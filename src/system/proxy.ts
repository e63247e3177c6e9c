import { OidcLoginError } from '../errors.ts'
import { bareHost, isExcluded, isThisComputer, portOf } from './no-proxy.ts'

/** A proxy on the way to a server. */
export interface ProxyServer {
  /** `http:` or `https:`: how the proxy itself is spoken to. */
  readonly protocol: 'http:' | 'https:'
  /** Host name or address, an IPv6 address without brackets. */
  readonly host: string
  /** TCP port. */
  readonly port: string
  /** What people may see of it: scheme, host and port, never the credentials. */
  readonly origin: string
  /** The header `Proxy-Authorization` (RFC 9110 §11.7.2), when the proxy's URL holds credentials. */
  readonly authorization?: string | undefined
}

/** Where the choice of a proxy comes from. */
export interface ProxyRules {
  /** A proxy URL for every request, or `direct` for none; the environment decides when absent. */
  readonly proxyUrl?: string | undefined
  /** Where that URL is written, for errors; by default `--proxy-url`. */
  readonly place?: string | undefined
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Chooses the proxy of a request. This computer is always reached directly. A proxy URL that is
 * given takes all other requests; without it `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` decide, of
 * which the lower-case names win, as in curl.
 *
 * @throws OidcLoginError `usage_invalid` when the proxy's URL cannot be used; its text, which may hold
 *   a password, is not quoted
 */
export function proxyFor(
  target: URL,
  { proxyUrl, env, place = '--proxy-url' }: ProxyRules,
): ProxyServer | undefined {
  if (isThisComputer(target)) return undefined
  if (proxyUrl === 'direct') return undefined
  if (proxyUrl !== undefined) return parseProxy(proxyUrl, `The value of ${place}`)
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const chosen = fromEnvironment(env, name)
  if (chosen === undefined) return undefined
  const noProxy = fromEnvironment(env, 'no_proxy')?.value ?? ''
  if (isExcluded(target, noProxy)) return undefined
  return parseProxy(chosen.value, `The environment variable ${chosen.name}`)
}

/**
 * Reads the URL of a proxy; without a scheme it is http.
 *
 * @param source what the text is, as the beginning of a sentence
 * @throws OidcLoginError `usage_invalid`
 */
export function parseProxy(text: string, source: string): ProxyServer {
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || url.hostname === '') throw unusable(source, 'is not a URL')
  const { protocol } = url
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw unusable(source, `names a ${protocol.slice(0, -1)} proxy, which is not supported`)
  }
  const authorization = authorizationOf(url, source)
  return {
    protocol,
    host: bareHost(url),
    port: portOf(url),
    origin: `${protocol}//${url.hostname}:${portOf(url)}`,
    authorization,
  }
}

function fromEnvironment(
  env: ProxyRules['env'],
  lowerCase: string,
): { name: string; value: string } | undefined {
  for (const name of [lowerCase, lowerCase.toUpperCase()]) {
    const value = env[name]?.trim()
    if (value) return { name, value }
  }
  return undefined
}

/** User and password are percent-encoded in a URL, and sent as HTTP Basic (RFC 7617). */
function authorizationOf({ username, password }: URL, source: string): string | undefined {
  if (username === '' && password === '') return undefined
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`
  } catch {
    throw unusable(source, 'has a user name or password that is not percent-encoded')
  }
}

function unusable(source: string, why: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', `${source} ${why}.`, {
    hint: 'A proxy is given as http://proxy.example.com:3128, or with https; --proxy-url=direct uses none.',
  })
}
