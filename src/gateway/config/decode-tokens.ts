import {
  type Cursor,
  durationAt,
  fieldsOf,
  numberAt,
  oneOfAt,
  quote,
  sizeAt,
  textsAt,
} from './decoding/index.ts'
import type { TokenSettings } from './gateway-configuration.ts'

/**
 * The signature algorithms that exist here, those of kube-apiserver (rule C1). `none` and the symmetric
 * ones cannot be written down.
 */
export const signingAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
] as const

/** Decodes `tokens`. */
export function decodeTokens(cursor: Cursor | undefined): TokenSettings {
  const fields = fieldsOf(cursor, [
    'tokenType',
    'signingAlgorithms',
    'authorizedParties',
    'notBeforeLeeway',
    'maxTokenSize',
    'cacheDuration',
    'cacheEntries',
    'serviceAccounts',
    'serviceAccountIssuers',
  ])
  const algorithms = textsAt(fields?.at('signingAlgorithms'), {
    whenEmpty: 'Name at least one algorithm, or leave the list out.',
    faultOf: faultOfAlgorithm,
  })
  return {
    tokenType: oneOfAt(fields?.at('tokenType'), 'id_token', ['id_token', 'any']),
    signingAlgorithms: algorithms.length > 0 ? algorithms : signingAlgorithms,
    authorizedParties: textsAt(fields?.at('authorizedParties')),
    notBeforeLeewaySeconds: durationAt(fields?.at('notBeforeLeeway'), '60s', ['0', '60s']) / 1000,
    maxTokenBytes: sizeAt(fields?.at('maxTokenSize'), '64KiB', ['1KiB', '256KiB']),
    cacheSeconds: durationAt(fields?.at('cacheDuration'), '10s', ['0', '10m']) / 1000,
    cacheEntries: numberAt(fields?.at('cacheEntries'), 10_000, [0, 1_000_000]),
    serviceAccounts: oneOfAt(fields?.at('serviceAccounts'), 'refuse', ['refuse', 'passthrough']),
    serviceAccountIssuers: textsAt(fields?.at('serviceAccountIssuers')),
  }
}

function faultOfAlgorithm(name: string): string | undefined {
  if (signingAlgorithms.some((known) => known === name)) return undefined
  return `${quote(name)} is none of ${signingAlgorithms.join(', ')}.`
}
