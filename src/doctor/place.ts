import { type ProviderSettings, parseIssuer } from '../provider/index.ts'
import { type ProxyProbe, type ProxyServer, proxyFor, type System } from '../system/index.ts'

/** Where the provider is on the network, and the way to it. */
export interface Place {
  /** Host name or IP address, without brackets. */
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  /** The proxy on the way, as requests take it. */
  readonly proxy: ProxyServer | undefined
}

/**
 * Where the provider is on the network: where its discovery document is read.
 *
 * @throws OidcLoginError `issuer_invalid`, `usage_invalid` (the URL of the proxy)
 */
export function placeOf({ env }: Pick<System, 'env'>, provider: ProviderSettings): Place {
  const issuer = parseIssuer(provider.issuer, provider.insecureAllowHttp)
  const url = provider.discoveryUrl === undefined ? issuer : new URL(provider.discoveryUrl)
  const isSecure = url.protocol === 'https:'
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: Number(url.port) || (isSecure ? 443 : 80),
    isSecure,
    proxy: proxyFor(url, { proxyUrl: provider.proxyUrl, env }),
  }
}

/** How a tunnel through the proxy of a place is tried; undefined without a proxy. */
export function proxyProbe(
  { env }: Pick<System, 'env'>,
  place: Place,
  provider: ProviderSettings,
): ProxyProbe | undefined {
  const { proxy } = place
  if (proxy === undefined) return undefined
  return {
    proxy,
    env,
    target: new URL(provider.discoveryUrl ?? provider.issuer),
    certificateAuthorities: provider.certificateAuthorities,
    insecureSkipTlsVerify: provider.insecureSkipTlsVerify,
    timeoutMs: provider.requestTimeoutMs,
  }
}
