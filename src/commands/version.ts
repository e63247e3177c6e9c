import { buildInfo } from '../build-info.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

/** `version`: one line on stdout, or the same as JSON. */
export function printVersion(system: System, options: OptionValues): void {
  const { version, commit } = buildInfo
  const [runtime, runtimeVersion] = runtimeOf(process.versions)
  const platform = `${process.platform}/${process.arch}`
  if (options.text('output') === 'json') {
    const json = {
      name: 'kubectl-oidc_login',
      version,
      commit: commit ?? null,
      [runtime]: runtimeVersion,
      platform,
    }
    system.terminal.stdout(`${JSON.stringify(json)}\n`)
    return
  }
  const built = commit === undefined ? '' : `, commit ${commit}`
  system.terminal.stdout(
    `kubectl-oidc_login ${version} (${runtime} ${runtimeVersion}, ${platform}${built})\n`,
  )
}

function runtimeOf({
  bun,
  node,
}: NodeJS.ProcessVersions): readonly [name: string, version: string] {
  return bun === undefined ? ['node', node] : ['bun', bun]
}
