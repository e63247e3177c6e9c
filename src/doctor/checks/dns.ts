import { resolveHost } from '../../system/index.ts'
import { type Check, noProvider } from '../check.ts'
import { placeOf } from '../place.ts'

/** Whether the host name of the provider is known. */
export const dnsCheck: Check = {
  name: 'dns',
  async run({ provider }) {
    if (provider === undefined) return noProvider
    const { host } = placeOf(provider)
    const probe = await resolveHost(host, provider.requestTimeoutMs)
    if (probe.kind === 'done') {
      return { verdict: 'ok', message: `${host} has the address ${probe.value.join(', ')}.` }
    }
    const isSilent = probe.code === 'EAI_AGAIN' || probe.code === 'ETIMEDOUT'
    return {
      verdict: 'failed',
      message: isSilent
        ? `The name server did not answer for ${host} (${probe.code}).`
        : `The host name ${host} is unknown (${probe.code}).`,
      remedy: isSilent
        ? 'Check the network and the name servers of this computer.'
        : 'Check the spelling of --oidc-issuer-url. If only a company network knows the name, connect its VPN.',
    }
  },
}
