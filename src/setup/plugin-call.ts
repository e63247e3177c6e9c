import { resolve } from 'node:path'
import { asksTheCluster, isThisPlugin } from '../doctor/index.ts'
import { findPrograms, ownCommand, ownProgram, realPath, type System } from '../system/index.ts'

/** How kubectl runs a credential plugin: `users[].user.exec`. */
export interface ExecCall {
  /** Program, found on the PATH or by its absolute path. */
  readonly command: string
  readonly args: readonly string[]
  /** Environment variables that are set for it. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

/**
 * How this plugin is called from a kubeconfig: as `kubectl oidc-login` where that works, so that the
 * kubeconfig can be used on other computers, too; else by its own path. A kubectl that is a wrapper,
 * and asks the cluster before it runs a plugin, would call itself without end
 * (int128/kubelogin#831).
 *
 * @param args what follows, from `get-token` on
 */
export async function pluginCall(system: System, args: readonly string[]): Promise<ExecCall> {
  const [found] = findPrograms(system, 'kubectl-oidc_login')
  if (found === undefined || !(await isOurs(found))) {
    const [command = '', ...own] = ownCommand()
    return { command, args: [...own, ...args] }
  }
  const [kubectl] = findPrograms(system, 'kubectl')
  if (kubectl === undefined || (await asksTheCluster(system, kubectl))) {
    return { command: resolve(found), args }
  }
  return { command: 'kubectl', args: ['oidc-login', ...args] }
}

async function isOurs(path: string): Promise<boolean> {
  return realPath(path) === ownProgram() || (await isThisPlugin(path))
}
