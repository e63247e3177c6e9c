import { connectTo } from '../../system/index.ts'
import { type Check, noProvider } from '../check.ts'
import { placeOf } from '../place.ts'

/** Whether something listens where the provider should. */
export const tcpCheck: Check = {
  name: 'tcp',
  needs: ['dns'],
  async run({ provider }) {
    if (provider === undefined) return noProvider
    const { host, port } = placeOf(provider)
    const probe = await connectTo(host, port, provider.requestTimeoutMs)
    if (probe.kind === 'done') {
      return { verdict: 'ok', message: `${host} accepts connections on port ${port}.` }
    }
    return {
      verdict: 'failed',
      message: `${host} accepts no connection on port ${port}: ${reasons[probe.code] ?? 'it failed'} (${probe.code}).`,
      remedy: 'Check the port in --oidc-issuer-url, the network, the VPN and the firewall.',
    }
  },
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ETIMEDOUT: 'nobody answered; a firewall may be in between',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to its network',
}
