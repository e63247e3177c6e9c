import { OidcLoginError } from '../errors.ts'
import { joinPath, resolvePath, type System } from '../system/index.ts'

/**
 * The folder of the sessions: `--token-cache-dir`, else `$KUBECACHEDIR/oidc-login`, else
 * `~/.kube/cache/oidc-login`, where kubectl users look for it.
 *
 * @param given value of `--token-cache-dir`; a leading `~` is the home folder
 * @throws OidcLoginError `usage_invalid` when the home folder, or the current one, is needed and not known
 */
export function sessionFolder(
  system: Pick<System, 'env' | 'process'>,
  given: string | undefined,
): string {
  if (given) return absolutePath(expandHome(system, given))
  const { KUBECACHEDIR } = system.env
  if (KUBECACHEDIR) return joinPath(absolutePath(KUBECACHEDIR), 'oidc-login')
  return joinPath(home(system), '.kube', 'cache', 'oidc-login')
}

/**
 * The absolute path of one that a user gives; a relative one starts at the current folder.
 *
 * @throws OidcLoginError `usage_invalid` when that folder was deleted
 */
export function absolutePath(path: string): string {
  try {
    return resolvePath(path)
  } catch (cause) {
    throw new OidcLoginError(
      'usage_invalid',
      'The current folder does not exist any more, and a relative path starts there.',
      { hint: `Go to another folder, or give an absolute path in the place of "${path}".`, cause },
    )
  }
}

/**
 * Replaces a leading `~` by the home folder, because a kubeconfig is not read by a shell. `~bob` is
 * left as it is.
 *
 * @throws OidcLoginError `usage_invalid` when the home folder is not known
 */
export function expandHome(system: Pick<System, 'process'>, path: string): string {
  if (path === '~') return home(system)
  const isBelowHome = path.startsWith('~/') || path.startsWith('~\\')
  return isBelowHome ? joinPath(home(system), path.slice(2)) : path
}

function home(system: Pick<System, 'process'>): string {
  if (system.process.home) return system.process.home
  throw new OidcLoginError('usage_invalid', 'The home folder of this user is not known.', {
    hint: 'Set HOME, or give absolute paths, for example with --token-cache-dir.',
  })
}
