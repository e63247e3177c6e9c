import {
  booleanAt,
  type Cursor,
  durationAt,
  fieldsOf,
  numberAt,
  oneOfAt,
  pathAt,
  report,
  sizeAt,
  textAt,
} from './decoding/index.ts'
import type { AuditSettings, OperationsSettings } from './gateway-configuration.ts'

/** Decodes `audit`. */
export function decodeAudit(cursor: Cursor | undefined): AuditSettings {
  const fields = fieldsOf(cursor, ['sink', 'file', 'maxFileSize', 'keepFiles', 'includeQuery'])
  const kind = oneOfAt(fields?.at('sink'), 'stdout', ['none', 'stdout', 'file'])
  const file = pathAt(fields?.at('file'), '')
  if (fields && kind === 'file' && file === '') {
    report(fields.cursor, 'With sink: file, the field file names it.')
  }
  if (fields && kind !== 'file' && fields.at('file')) {
    report(fields.cursor, 'The field file belongs to sink: file.')
  }
  const maxBytes = sizeAt(fields?.at('maxFileSize'), '100MiB', ['1MiB', '100GiB'])
  const keep = numberAt(fields?.at('keepFiles'), 10, [1, 1000])
  return {
    sink: kind === 'file' ? { file, maxBytes, keep } : kind,
    includeQuery: booleanAt(fields?.at('includeQuery'), true),
  }
}

/** Decodes `operations`. */
export function decodeOperations(cursor: Cursor | undefined): OperationsSettings {
  const fields = fieldsOf(cursor, [
    'host',
    'port',
    'drainTimeout',
    'drainDelay',
    'requireAllIssuers',
  ])
  return {
    host: textAt(fields?.at('host'), '0.0.0.0'),
    port: numberAt(fields?.at('port'), 8080, [0, 65535]),
    drainTimeoutMs: durationAt(fields?.at('drainTimeout'), '5m', ['0', '24h']),
    drainDelayMs: durationAt(fields?.at('drainDelay'), '5s', ['0', '5m']),
    requireAllIssuers: booleanAt(fields?.at('requireAllIssuers'), false),
  }
}
