import type { System } from '../system/index.ts'

/** The version of this package; the build replaces it by that of package.json. */
declare const PACKAGE_VERSION: string

/** `version`: one line on stdout. */
export function printVersion(system: System): void {
  system.terminal.stdout(
    `kubectl-oidc_login ${PACKAGE_VERSION} (node ${process.versions.node}, ${process.platform}/${process.arch})\n`,
  )
}
