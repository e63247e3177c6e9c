import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pluginCommand } from './plugin-command.ts'

/**
 * Puts `kubectl-oidc_login` into `bin` below a folder, as an installation would put it on the PATH.
 *
 * @returns the folder for the PATH
 */
export function writePluginLauncher(folder: string): string {
  const binFolder = join(folder, 'bin')
  const words = pluginCommand.map((word) => `"${word}"`).join(' ')
  mkdirSync(binFolder)
  if (process.platform === 'win32') {
    const command = `@${words} %*\r\n`
    writeFileSync(join(binFolder, 'kubectl-oidc_login.cmd'), command)
  } else {
    const launcher = join(binFolder, 'kubectl-oidc_login')
    writeFileSync(launcher, `#!/bin/sh\nexec ${words} "$@"\n`)
    chmodSync(launcher, 0o755)
  }
  return binFolder
}
