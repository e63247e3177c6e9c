/** The cookies of one browser (RFC 6265, as far as login pages use it). */
export interface CookieJar {
  /** Keeps what a response sets. */
  store(url: URL, setCookie: readonly string[]): void
  /** The value of the `Cookie` header for a request; empty when there is none. */
  headerFor(url: URL): string
}

interface Cookie {
  readonly host: string
  readonly path: string
  readonly name: string
  readonly value: string
  readonly isSecure: boolean
}

/** Makes an empty jar. */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>()
  return {
    store(url, setCookie) {
      for (const line of setCookie) {
        const { cookie, isExpired } = parseCookie(url, line)
        const key = [cookie.host, cookie.path, cookie.name].join(' ')
        if (isExpired) cookies.delete(key)
        else cookies.set(key, cookie)
      }
    },
    headerFor(url) {
      return [...cookies.values()]
        .filter((cookie) => isFor(cookie, url))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ')
    },
  }
}

function parseCookie(url: URL, line: string): { cookie: Cookie; isExpired: boolean } {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const separator = pair.indexOf('=')
  const attributes = new Map(
    rest.map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/s)
      return [name.toLowerCase(), value]
    }),
  )
  const cookie: Cookie = {
    host: url.hostname,
    path: attributes.get('path') ?? defaultPath(url),
    name: pair.slice(0, separator),
    value: pair.slice(separator + 1),
    isSecure: attributes.has('secure'),
  }
  const maxAge = attributes.get('max-age')
  const expires = attributes.get('expires')
  const isExpired = maxAge
    ? Number(maxAge) <= 0
    : expires !== undefined && Date.parse(expires) <= Date.now()
  return { cookie, isExpired }
}

/** RFC 6265 §5.1.4. */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/'
}

/** Cookies do not know ports (RFC 6265 §8.5), but they know paths (§5.1.4). */
function isFor({ host, path, isSecure }: Cookie, url: URL): boolean {
  if (host !== url.hostname || (isSecure && url.protocol !== 'https:')) return false
  if (url.pathname === path) return true
  return url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}
