import { isIPv6 } from 'node:net'
import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'

/** Where to listen. */
export interface ListenAddress {
  /** As people write it, `127.0.0.1:8000` or `[::1]:8000`. */
  readonly text: string
  /** Host name or IP address, without brackets, in lower case. */
  readonly host: string
  /** Port; 0 for any free one. */
  readonly port: number
}

/**
 * Reads the values of `--listen-address`: `host:port`, `[IPv6]:port`, or `:port`, which means
 * `127.0.0.1` and not, as in int128/kubelogin, the whole network.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function parseListenAddresses(texts: readonly string[]): ListenAddress[] {
  if (texts.length > 0) return texts.map(parseListenAddress)
  throw new OidcLoginError('usage_invalid', 'There is no address to listen on.', { hint })
}

const hint = 'Give --listen-address as host:port, for example 127.0.0.1:8000 or [::1]:8000.'

const syntax = /^(?<host>\[[^\]]+\]|[\w.-]*):(?<port>\d{1,5})$/

function parseListenAddress(text: string): ListenAddress {
  const { host: bracketed = '', port: digits = '' } = syntax.exec(text.trim())?.groups ?? {}
  const host = bracketed.replaceAll(/[[\]]/g, '').toLowerCase() || '127.0.0.1'
  const port = Number(digits)
  const isHost = bracketed.startsWith('[') ? isIPv6(host) : host.length <= 253
  if (digits === '' || port > 65_535 || !isHost) {
    throw new OidcLoginError(
      'usage_invalid',
      `"${printable(text, 80)}" is not an address to listen on.`,
      { hint },
    )
  }
  return { text: `${withBrackets(host)}:${port}`, host, port }
}

/** A host as it stands in a URL and in the `Host` header (RFC 3986 §3.2.2). */
export function withBrackets(host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

const loopback = ['127.0.0.1', '::1']

/**
 * The hosts that must be ours, on one port, to listen on one address. The redirect URI says
 * `localhost`, which a browser may resolve to either IP family: a program that holds the port of the
 * other one would receive the code.
 */
export function hostsOf({ host }: ListenAddress): readonly string[] {
  if (host === 'localhost' || loopback.includes(host)) return loopback
  return host === '0.0.0.0' ? ['0.0.0.0', '::1'] : [host]
}
