import { isScalar } from 'yaml'
import { decodeImpersonation } from './decode-impersonation.ts'
import { decodeLimits, decodeStreams } from './decode-limits.ts'
import { decodeListen, decodeUpstream } from './decode-network.ts'
import { decodeAudit, decodeOperations } from './decode-observation.ts'
import { decodeOnboarding } from './decode-onboarding.ts'
import { decodeTokens } from './decode-tokens.ts'
import { type Cursor, fieldsOf, numberAt, quote, textsAt } from './decoding/index.ts'
import type { GatewayConfiguration } from './gateway-configuration.ts'
import { type RemarkId, remarkIds } from './remark.ts'

/** What `apiVersion` of a GatewayConfiguration is. */
export const gatewayApiVersion = 'oidc-gateway/v1alpha1'

/** The fields of a GatewayConfiguration, `authentication` being the file of the other document. */
export const gatewayFields = [
  'apiVersion',
  'kind',
  'authentication',
  'listen',
  'upstream',
  'tokens',
  'impersonation',
  'limits',
  'streams',
  'audit',
  'operations',
  'onboarding',
  'workers',
  'acknowledge',
] as const

/**
 * Decodes a `GatewayConfiguration` and fills in the defaults. What is wrong is reported to the cursor.
 *
 * @param readText reads a file that the configuration names; undefined when it cannot
 */
export function decodeGateway(
  root: Cursor,
  readText: (path: string) => string | undefined,
): GatewayConfiguration {
  const fields = fieldsOf(root, gatewayFields)
  return {
    listen: decodeListen(fields?.at('listen'), root),
    upstream: decodeUpstream(fields?.at('upstream')),
    tokens: decodeTokens(fields?.at('tokens')),
    impersonation: decodeImpersonation(fields?.at('impersonation')),
    limits: decodeLimits(fields?.at('limits')),
    streams: decodeStreams(fields?.at('streams')),
    audit: decodeAudit(fields?.at('audit')),
    operations: decodeOperations(fields?.at('operations')),
    onboarding: decodeOnboarding(fields?.at('onboarding'), readText),
    workers: decodeWorkers(fields?.at('workers')),
    acknowledge: decodeAcknowledge(fields?.at('acknowledge')),
  }
}

function decodeWorkers(cursor: Cursor | undefined): number | 'auto' {
  if (cursor && isScalar(cursor.node) && cursor.node.value === 'auto') return 'auto'
  return numberAt(cursor, 1, [1, 256])
}

function decodeAcknowledge(cursor: Cursor | undefined): readonly RemarkId[] {
  const names = textsAt(cursor, {
    faultOf: (name) =>
      remarkIds.some((id) => id === name)
        ? undefined
        : `${quote(name)} is none of ${remarkIds.join(', ')}.`,
  })
  return remarkIds.filter((id) => names.includes(id))
}
