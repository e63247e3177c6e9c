import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import { permissionsOf } from './permissions.ts'
import { realPath } from './programs.ts'
import type { System } from './system.ts'

type Surroundings = Pick<System, 'env' | 'process'>

/**
 * Folders of this user alone for what lasts no longer than a process, the best first: below
 * `$XDG_RUNTIME_DIR`, and below the folder of temporary files. They need not exist.
 */
export function runtimeFolders({ env, process }: Surroundings): string[] {
  const { XDG_RUNTIME_DIR: runtime } = env
  return [
    ...(runtime && isAbsolute(runtime) ? [join(runtime, 'kubectl-oidc-login')] : []),
    join(tmpdir(), `kubectl-oidc-login-${process.uid ?? 'user'}`),
  ]
}

/**
 * Makes the first of the {@link runtimeFolders} that can be had. Others may write where temporary files
 * lie, so a folder that somebody else has put there, or can enter, is not used.
 *
 * @returns undefined when there is none
 */
export function makeRuntimeFolder(
  system: Surroundings & Pick<System, 'files'>,
): string | undefined {
  return runtimeFolders(system).find((folder) => {
    try {
      system.files.makePrivateFolder(folder)
      return isOurs(folder, system.process)
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error
      return false
    }
  })
}

function isOurs(folder: string, { uid, platform }: System['process']): boolean {
  // A link could lead into another folder of ours.
  if (realPath(folder) !== join(realPath(dirname(folder)), basename(folder))) return false
  const permissions = permissionsOf(folder)
  if (permissions?.isFolder !== true) return false
  if (platform === 'win32') return true
  return permissions.ownerUid === uid && (permissions.mode & 0o077) === 0
}
