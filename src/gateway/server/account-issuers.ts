import type { GatewayConfiguration } from '../config/index.ts'
import { serviceAccountIssuer } from '../kubernetes/index.ts'
import type { GatewayLog } from '../operations/index.ts'
import type { Upstream } from '../upstream/index.ts'

/**
 * Whose tokens are ServiceAccounts' where those pass: what the API server says beside what is configured.
 * It is asked once, when the gateway starts; an issuer does not change while a cluster lives.
 */
export async function accountIssuers(
  upstream: Upstream,
  { tokens }: GatewayConfiguration,
  log: GatewayLog,
): Promise<readonly string[]> {
  if (tokens.serviceAccounts === 'refuse') return []
  const issuer = await serviceAccountIssuer(upstream)
  if (issuer !== undefined) return [issuer]
  if (tokens.serviceAccountIssuers.length === 0) {
    log.warn(
      'The API server does not tell the issuer of ServiceAccount tokens, so they are refused. Name it in tokens.serviceAccountIssuers.',
    )
  }
  return []
}
