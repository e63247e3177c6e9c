import type { CertificateRenewal, GatewayConfiguration } from './gateway-configuration.ts'

/** How a configuration wants the client certificate to be renewed; undefined for not at all. */
export function renewalOf({ upstream }: GatewayConfiguration): CertificateRenewal | undefined {
  if (upstream.kind !== 'files' || upstream.credential.kind !== 'certificate') return undefined
  return upstream.credential.renewal
}
