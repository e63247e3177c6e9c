import { connectTo } from '../../system/index.ts'
import { type Check, noProvider } from '../check.ts'
import { placeOf } from '../place.ts'

/** Whether something listens where the provider should, or the proxy on the way to it. */
export const tcpCheck: Check = {
  name: 'tcp',
  needs: ['dns'],
  async run({ system, provider }) {
    if (provider === undefined) return noProvider
    const place = placeOf(system, provider)
    const { proxy } = place
    const host = proxy?.host ?? place.host
    const port = proxy ? Number(proxy.port) : place.port
    const name = proxy ? `The proxy ${host}` : host
    const probe = await connectTo(host, port, provider.requestTimeoutMs)
    if (probe.kind === 'done') {
      return { verdict: 'ok', message: `${name} accepts connections on port ${port}.` }
    }
    return {
      verdict: 'failed',
      message: `${name} accepts no connection on port ${port}: ${reasons[probe.code] ?? 'it failed'} (${probe.code}).`,
      remedy: proxy
        ? 'Check --proxy-url, HTTPS_PROXY and HTTP_PROXY; NO_PROXY or --proxy-url=direct goes around the proxy.'
        : 'Check the port in --oidc-issuer-url, the network, the VPN and the firewall.',
    }
  },
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ETIMEDOUT: 'nobody answered; a firewall may be in between',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
}
