import { buildInfo } from '../build-info.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

/** `version`: one line on stdout, or the same as JSON. */
export function printVersion(system: System, options: OptionValues): void {
  const { version, commit } = buildInfo
  const node = process.versions.node
  const platform = `${process.platform}/${process.arch}`
  if (options.text('output') === 'json') {
    const json = { name: 'kubectl-oidc_login', version, commit: commit ?? null, node, platform }
    system.terminal.stdout(`${JSON.stringify(json)}\n`)
    return
  }
  const built = commit === undefined ? '' : `, commit ${commit}`
  system.terminal.stdout(`kubectl-oidc_login ${version} (node ${node}, ${platform}${built})\n`)
}
