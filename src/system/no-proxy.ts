import { BlockList, isIP } from 'node:net'

/**
 * Whether a host is reached without the proxy of the environment. The rules are those of Go
 * (golang.org/x/net/http/httpproxy), so that kubectl and the plugin take the same way:
 *
 * - `*` means every host;
 * - `example.com` means the domain and all below it, `.example.com` and `*.example.com` only those
 *   below;
 * - an IP address means itself, `10.0.0.0/8` and `2001:db8::/32` a network; names are not resolved;
 * - each but a network may end with `:port`.
 *
 * @param target the URL of the request
 * @param noProxy the value of `NO_PROXY`: entries separated by commas or spaces
 */
export function isExcluded(target: URL, noProxy: string): boolean {
  const host = bareHost(target)
  const port = portOf(target)
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, host, port))
}

/** Whether a URL leads to this computer, which no proxy can reach for us. */
export function isThisComputer(target: URL): boolean {
  const host = bareHost(target)
  return host === 'localhost' || isInNetwork(host, '127.0.0.0/8') || isSameAddress(host, '::1')
}

/** The host of a URL without a final dot and without the brackets of an IPv6 address. */
export function bareHost(target: URL): string {
  return target.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

/** The port of a URL, also when it is the usual one of its scheme. */
export function portOf(target: URL): string {
  return target.port || (target.protocol === 'https:' ? '443' : '80')
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*' || isInNetwork(host, entry)) return true
  const { name, port: onlyPort } = splitPort(entry)
  if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false
  if (isIP(name) !== 0) return isSameAddress(host, name)
  return isInDomain(host, name)
}

/** `[::1]:443` and `example.com:443` have a port; `2001:db8::1` has none. */
function splitPort(entry: string): { name: string; port: string | undefined } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry)
  if (match === null) return { name: entry, port: undefined }
  return { name: match[1] ?? match[2] ?? '', port: match[3] }
}

function isInDomain(host: string, name: string): boolean {
  const domain = name.replace(/^\*(?=\.)/, '')
  if (domain.startsWith('.')) return host.endsWith(domain)
  return host === domain || host.endsWith(`.${domain}`)
}

function isSameAddress(host: string, address: string): boolean {
  return isInNetwork(host, `${address}/${isIP(address) === 6 ? 128 : 32}`)
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', prefix = '', ...rest] = network.split('/')
  const bits = Number(prefix)
  const family = familyOf(address)
  const ofHost = familyOf(host)
  const isNetwork = rest.length === 0 && /^\d{1,3}$/.test(prefix)
  if (!isNetwork || family === undefined || ofHost === undefined) return false
  if (bits > (family === 'ipv6' ? 128 : 32)) return false
  const list = new BlockList()
  list.addSubnet(address, bits, family)
  return list.check(host, ofHost)
}

function familyOf(text: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(text)
  return version === 0 ? undefined : version === 6 ? 'ipv6' : 'ipv4'
}
