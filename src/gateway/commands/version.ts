import { buildInfo } from '../../build-info.ts'
import type { System } from '../../system/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'

/** `version`: one line on stdout, or the same as JSON. */
export function printVersion(system: System, options: GatewayOptionValues): void {
  const { version, commit } = buildInfo
  if (options.text('output') === 'json') {
    system.terminal.stdout(
      `${JSON.stringify({ name: 'oidc-gateway', version, commit: commit ?? null })}\n`,
    )
    return
  }
  const built = commit === undefined ? '' : ` (commit ${commit})`
  system.terminal.stdout(`oidc-gateway ${version}${built}\n`)
}
