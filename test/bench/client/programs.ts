import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compile, programName } from '../../../tools/binaries/compile.ts'
import { ownTarget } from '../../../tools/binaries/targets.ts'
import { type Program, programVersion, type Say } from '../report/index.ts'

/** How a program is started. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
}

/** The plugin as npm installs it. */
export const npmPlugin: Command = {
  command: process.execPath,
  args: [resolve('bin', 'kubectl-oidc_login.js')],
}

/** int128/kubelogin, where somebody has named it. */
export const kubelogin: string | undefined = process.env.KUBELOGIN && resolve(process.env.KUBELOGIN)

/** What is said where it would be needed. */
export const kubeloginMissing = 'needs KUBELOGIN=/path/to/kubelogin'

/** Its version; a build without one is described by the Go module that it was made of. */
export function kubeloginVersion(path: string): Program {
  return programVersion('kubelogin', path, ['version'], /(?<=version )\S+/)
}

let executable: Promise<string> | undefined

/**
 * The executable of the plugin: the one that `PLUGIN` names, or the one that `npm run build:binaries` would make for this
 * computer. It is a copy in a folder of its own, as the install script makes one, and goes with this process.
 *
 * @returns absolute path
 */
export async function installedExecutable(say: Say): Promise<string> {
  executable ??= install(say)
  return await executable
}

async function install(say: Say): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'oidc-login-executable-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const installed = join(folder, programName)
  execFileSync('cp', [process.env.PLUGIN ?? (await build(join(folder, 'build'), say)), installed])
  return installed
}

async function build(folder: string, say: Say): Promise<string> {
  const target = ownTarget()
  if (target === undefined) throw new Error('there is no executable for this computer')
  say('building the executable')
  mkdirSync(folder)
  return (await compile(target, folder)).path
}
