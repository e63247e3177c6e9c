import { tryTunnel } from '../../system/index.ts'
import { type Check, noProvider, skipped } from '../check.ts'
import { placeOf, proxyProbe } from '../place.ts'

/** Whether the proxy on the way lets requests to the provider through. */
export const proxyCheck: Check = {
  name: 'proxy',
  needs: ['tcp'],
  async run({ system, provider }) {
    if (provider === undefined) return noProvider
    const place = placeOf(system, provider)
    const probe = proxyProbe(system, place, provider)
    if (probe === undefined) return skipped(withoutProxy(system.env))
    const { origin } = probe.proxy
    if (!place.isSecure) {
      return { verdict: 'ok', message: `Requests with plain http go through the proxy ${origin}.` }
    }
    const tunnel = await tryTunnel(probe)
    if (tunnel.kind === 'done') {
      return { verdict: 'ok', message: `The proxy ${origin} opens a way to ${place.host}.` }
    }
    return {
      verdict: 'failed',
      message: `The proxy ${origin} does not open a way to ${place.host}:${place.port} (${tunnel.code}).`,
      remedy:
        'Ask its operator whether it may reach the provider, or go around it with NO_PROXY or --proxy-url=direct.',
    }
  },
}

function withoutProxy(env: Readonly<Record<string, string | undefined>>): string {
  const isUnused = Boolean(env.ALL_PROXY || env.all_proxy)
  return `No proxy is on the way.${isUnused ? ' ALL_PROXY is not used; set HTTPS_PROXY.' : ''}`
}
