import { type ProviderSettings, parseIssuer } from '../provider/index.ts'

/** Where the provider is on the network. */
export interface Place {
  /** Host name or IP address, without brackets. */
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
}

/**
 * Where the issuer is on the network.
 *
 * @throws OidcLoginError `issuer_invalid`
 */
export function placeOf(provider: ProviderSettings): Place {
  const url = parseIssuer(provider.issuer, provider.insecureAllowHttp)
  const isSecure = url.protocol === 'https:'
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ''),
    port: Number(url.port) || (isSecure ? 443 : 80),
    isSecure,
  }
}
