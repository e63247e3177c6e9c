import type { Issuer } from '../config/index.ts'

/** Where the discovery document of a provider is (OpenID Connect Discovery §4). */
export function discoveryUrlOf({ url, discoveryURL }: Issuer): string {
  return discoveryURL ?? `${url.replace(/\/$/, '')}/.well-known/openid-configuration`
}
