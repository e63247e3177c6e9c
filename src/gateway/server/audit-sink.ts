import type { Writable } from 'node:stream'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'
import { type AuditSink, fileSink, noSink, streamSink } from '../audit/index.ts'
import type { AuditSettings } from '../config/index.ts'
import type { GatewayLog } from '../operations/index.ts'

/**
 * Opens what the configuration names for audit lines.
 *
 * @param stream stands for stdout
 * @throws OidcLoginError `file_unwritable` when the file cannot be opened: a gateway that was told to
 *   keep an audit log does not run without one
 */
export async function auditSink(
  { sink }: AuditSettings,
  stream: Writable,
  log: GatewayLog,
): Promise<AuditSink> {
  const onLost = (lines: number, error: unknown): void => {
    log.error('The audit log cannot be written.', {
      lines,
      reason: systemErrorCode(error) ?? 'unknown',
    })
  }
  if (sink === 'none') return noSink
  if (sink === 'stdout') return streamSink(stream, onLost)
  try {
    return await fileSink(sink, onLost)
  } catch (error) {
    throw new OidcLoginError(
      'file_unwritable',
      `The audit log ${sink.file} cannot be opened (${systemErrorCode(error) ?? 'unknown error'}).`,
      { hint: 'Check the folder and its permissions, or set audit.sink to stdout.', cause: error },
    )
  }
}
