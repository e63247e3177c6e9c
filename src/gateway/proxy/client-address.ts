import { BlockList, isIP } from 'node:net'
import type { HeaderLine } from '../request/index.ts'

/** Tells where a request comes from. */
export type ClientAddress = (peer: string, headers: readonly HeaderLine[]) => string

/**
 * Believes `X-Forwarded-For` only of proxies that are configured, from the right: each of them wrote the
 * address that it saw at the end. The first one that is not a trusted proxy is the client. What is not an
 * address, or comes from anybody else, is not looked at (rules B7, B8).
 *
 * @param networks CIDR notation
 */
export function createClientAddress(networks: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    trusted.addSubnet(address, Number(bits), family(address))
  }
  const isTrusted = (address: string): boolean => trusted.check(address, family(address))

  return (peer, headers) => {
    if (networks.length === 0 || !isTrusted(peer)) return peer
    const hops = headers
      .filter(([name]) => name.toLowerCase() === 'x-forwarded-for')
      .flatMap(([, value]) => value.split(','))
      .map((hop) => hop.trim())
    let client = peer
    for (const hop of hops.reverse()) {
      // Behind something that is no address stands nobody whom we know.
      if (isIP(hop) === 0) return client
      client = hop
      if (!isTrusted(hop)) return client
    }
    return client
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
