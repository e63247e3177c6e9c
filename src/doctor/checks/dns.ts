import { resolveHost } from '../../system/index.ts'
import { type Check, noProvider } from '../check.ts'
import { placeOf } from '../place.ts'

const proxyPlaces = '--proxy-url, HTTPS_PROXY and HTTP_PROXY'

/** Whether the host name of the provider is known; behind a proxy, which looks it up itself, that of the proxy. */
export const dnsCheck: Check = {
  name: 'dns',
  async run({ system, provider }) {
    if (provider === undefined) return noProvider
    const place = placeOf(system, provider)
    const { proxy } = place
    const host = proxy?.host ?? place.host
    const probe = await resolveHost(host, provider.requestTimeoutMs)
    if (probe.kind === 'done') {
      return {
        verdict: 'ok',
        message: `${proxy ? `The proxy ${host}` : host} has the address ${probe.value.join(', ')}.`,
      }
    }
    const isSilent = probe.code === 'EAI_AGAIN' || probe.code === 'ETIMEDOUT'
    return {
      verdict: 'failed',
      message: isSilent
        ? `The name server did not answer for ${host} (${probe.code}).`
        : `The host name ${proxy ? `of the proxy, ${host},` : host} is unknown (${probe.code}).`,
      remedy: isSilent
        ? 'Check the network and the name servers of this computer.'
        : `Check the spelling of ${proxy ? proxyPlaces : '--oidc-issuer-url'}. If only a company network knows the name, connect its VPN.`,
    }
  },
}
