import { delimiter, join } from 'node:path'
import { OidcLoginError } from '../errors.ts'
import { absolutePath, expandHome } from '../session/index.ts'
import type { System } from '../system/index.ts'

/** Which files make up the kubeconfig, the most important first. */
export interface KubeconfigFiles {
  /** Absolute paths; at least one. They need not exist. */
  readonly paths: readonly string[]
  /** Where an entry goes that is in none of them, as client-go's PathOptions decide. */
  readonly defaultPath: string
}

/**
 * Finds the files of the kubeconfig: `--kubeconfig`, else the list in `$KUBECONFIG`, else
 * `~/.kube/config`.
 *
 * @param given value of `--kubeconfig`; a leading `~` is the home folder
 * @throws OidcLoginError `usage_invalid` when the home folder, or the current one, is needed and not known
 */
export function kubeconfigFiles(
  system: Pick<System, 'env' | 'files' | 'process'>,
  given: string | undefined,
): KubeconfigFiles {
  if (given) return only(absolutePath(expandHome(system, given)))
  const listed = (system.env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  if (listed.length > 0) {
    const paths = [...new Set(listed.map(absolutePath))]
    const existing = paths.find((path) => system.files.modifiedAt(path) !== undefined)
    return { paths, defaultPath: existing ?? paths.at(-1) ?? '' }
  }
  const { home } = system.process
  if (home) return only(join(home, '.kube', 'config'))
  throw new OidcLoginError('usage_invalid', 'The home folder of this user is not known.', {
    hint: 'Set KUBECONFIG or HOME, or give --kubeconfig.',
  })
}

function only(path: string): KubeconfigFiles {
  return { paths: [path], defaultPath: path }
}
