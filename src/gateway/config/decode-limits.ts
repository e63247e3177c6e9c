import { isScalar } from 'yaml'
import {
  type Cursor,
  durationAt,
  fieldsOf,
  numberAt,
  oneOfAt,
  report,
  sizeAt,
} from './decoding/index.ts'
import type { ExpiryAction, Limits, StreamSettings } from './gateway-configuration.ts'

/** Decodes `limits`. The defaults follow kube-apiserver where it has them (rules C21, E5, G1). */
export function decodeLimits(cursor: Cursor | undefined): Limits {
  const fields = fieldsOf(cursor, [
    'maxConnections',
    'maxConnectionsPerAddress',
    'maxHeaderSize',
    'maxHeaderCount',
    'handshakeTimeout',
    'headersTimeout',
    'keepAliveTimeout',
    'answerTimeout',
    'maxUpstreamConnections',
    'maxFailuresPerSecond',
  ])
  return {
    maxConnections: numberAt(fields?.at('maxConnections'), 10_000, [1, 1_000_000]),
    maxConnectionsPerAddress: numberAt(
      fields?.at('maxConnectionsPerAddress'),
      1000,
      [1, 1_000_000],
    ),
    maxHeaderBytes: sizeAt(fields?.at('maxHeaderSize'), '128KiB', ['8KiB', '1MiB']),
    maxHeaderCount: numberAt(fields?.at('maxHeaderCount'), 200, [16, 1000]),
    handshakeTimeoutMs: durationAt(fields?.at('handshakeTimeout'), '10s', ['1s', '2m']),
    headersTimeoutMs: durationAt(fields?.at('headersTimeout'), '32s', ['1s', '5m']),
    keepAliveTimeoutMs: durationAt(fields?.at('keepAliveTimeout'), '90s', ['1s', '1h']),
    // kube-apiserver gives up after its --request-timeout, a minute, and says so itself.
    answerTimeoutMs: durationAt(fields?.at('answerTimeout'), '75s', ['1s', '1h']),
    maxUpstreamConnections: numberAt(fields?.at('maxUpstreamConnections'), 1000, [1, 100_000]),
    maxFailuresPerSecond: numberAt(fields?.at('maxFailuresPerSecond'), 20, [1, 100_000]),
  }
}

/**
 * Decodes `streams`. A watch is ended when its token expires, because its client opens another one; an
 * `exec` is not, because its user would lose a terminal (rule G7).
 */
export function decodeStreams(cursor: Cursor | undefined): StreamSettings {
  const fields = fieldsOf(cursor, ['watchOnExpiry', 'upgradeOnExpiry'])
  return {
    watchOnExpiry: decodeExpiry(fields?.at('watchOnExpiry'), 'close'),
    upgradeOnExpiry: decodeExpiry(fields?.at('upgradeOnExpiry'), 'ignore'),
  }
}

/** `ignore`, `close`, or `{grace: 5m}`. */
function decodeExpiry(cursor: Cursor | undefined, absent: 'ignore' | 'close'): ExpiryAction {
  if (cursor === undefined || isScalar(cursor.node)) {
    return { kind: oneOfAt(cursor, absent, ['ignore', 'close']) }
  }
  const grace = fieldsOf(cursor, ['grace'])?.at('grace')
  if (grace === undefined) report(cursor, 'One of ignore, close, {grace: 5m} is expected here.')
  return { kind: 'grace', seconds: durationAt(grace, '5m', ['1s', '24h']) / 1000 }
}
