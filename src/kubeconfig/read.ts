import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'
import type { Kubeconfig } from './entries.ts'
import type { KubeconfigFiles } from './locate.ts'
import { parseKubeconfig } from './parse.ts'

/**
 * Reads the files of a kubeconfig as kubectl does: a file that is missing is empty, and of two
 * entries with one name the first counts as a whole.
 *
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`
 */
export function readKubeconfig(system: Pick<System, 'files'>, files: KubeconfigFiles): Kubeconfig {
  const parsed = files.paths.flatMap((path) => {
    const text = readKubeconfigText(system, path)
    return text === undefined ? [] : [parseKubeconfig(path, text)]
  })
  return {
    currentContext: parsed.find(({ currentContext }) => currentContext)?.currentContext,
    clusters: firstOfEachName(parsed.flatMap(({ clusters }) => clusters)),
    contexts: firstOfEachName(parsed.flatMap(({ contexts }) => contexts)),
    users: firstOfEachName(parsed.flatMap(({ users }) => users)),
  }
}

/**
 * The text of one file; undefined when there is none.
 *
 * @throws OidcLoginError `file_unreadable`
 */
export function readKubeconfigText(
  system: Pick<System, 'files'>,
  path: string,
): string | undefined {
  try {
    return system.files.read(path, longestFileBytes)?.text
  } catch (error) {
    const why = systemErrorCode(error) ?? 'it is too large'
    throw new OidcLoginError('file_unreadable', `The file ${path} cannot be read: ${why}.`, {
      hint: 'Check the owner and the permissions of the kubeconfig.',
      cause: error,
    })
  }
}

/** Some people keep hundreds of clusters in one file. */
const longestFileBytes = 16 * 1024 * 1024

function firstOfEachName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const first = new Map<string, T>()
  for (const entry of entries) if (!first.has(entry.name)) first.set(entry.name, entry)
  return [...first.values()]
}
