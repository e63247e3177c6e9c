import { dirname } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../errors.ts'
import type { System } from '../system/index.ts'
import { editKubeconfig, type KubeconfigChange } from './edit.ts'
import type { KubeconfigFiles } from './locate.ts'
import { parseKubeconfig } from './parse.ts'
import { readKubeconfigText } from './read.ts'

/** What becomes of one file. */
export interface KubeconfigRevision {
  readonly path: string
  /** The text before; undefined when there was no such file. */
  readonly before: string | undefined
  /** The text afterwards. */
  readonly after: string
}

/**
 * Works out what the changes make of the files, and writes nothing. An entry is changed in the first
 * file that has it, as kubectl reads the first; a new one goes to the default file.
 *
 * @returns only files whose text changes
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`
 */
export function reviseKubeconfig(
  system: Pick<System, 'files'>,
  files: KubeconfigFiles,
  changes: readonly KubeconfigChange[],
): KubeconfigRevision[] {
  const texts = new Map(files.paths.map((path) => [path, readKubeconfigText(system, path)]))
  const holders = [...texts].map(([path, text]) => ({
    path,
    names: namesIn(path, text ?? ''),
  }))
  const byPath = new Map<string, KubeconfigChange[]>()
  for (const change of changes) {
    const holder = holders.find(({ names }) => names.has(nameOf(change)))
    const path = holder?.path ?? files.defaultPath
    byPath.set(path, [...(byPath.get(path) ?? []), change])
  }
  return [...byPath].flatMap(([path, ofFile]) => {
    const before = texts.get(path)
    const after = editKubeconfig(path, before ?? '', ofFile)
    return after === before ? [] : [{ path, before, after }]
  })
}

/**
 * Changes the files of a kubeconfig, each as a whole, with a copy of the previous text beside it.
 * kubectl's own lock file is respected.
 *
 * @returns what was written
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`, `kubeconfig_unwritable`
 */
export function writeKubeconfig(
  system: Pick<System, 'files'>,
  files: KubeconfigFiles,
  changes: readonly KubeconfigChange[],
): KubeconfigRevision[] {
  return whileLocked(system, files.paths, () => {
    const revisions = reviseKubeconfig(system, files, changes)
    for (const { path, before, after } of revisions) {
      whileWriting(path, () => {
        if (before !== undefined) system.files.writeAtomic(backupOf(path), before)
        system.files.replaceContents(path, after)
      })
    }
    return revisions
  })
}

/** Where the previous text of a file is kept. */
export function backupOf(path: string): string {
  return `${path}.oidc-login.bak`
}

/** client-go locks each file with a file `NAME.lock`, and gives up at once when there is one. */
function whileLocked<T>(
  system: Pick<System, 'files'>,
  paths: readonly string[],
  operation: () => T,
): T {
  const held: string[] = []
  try {
    for (const path of paths) {
      if (lock(system, path)) held.push(`${path}.lock`)
    }
    return operation()
  } finally {
    for (const path of held) system.files.remove(path)
  }
}

/** @returns false for a file in a folder that does not exist and is not made */
function lock(system: Pick<System, 'files'>, path: string): boolean {
  return whileWriting(path, () => {
    const folder = dirname(path)
    if (system.files.modifiedAt(folder) === undefined) system.files.makePrivateFolder(folder)
    if (system.files.createExclusive(`${path}.lock`, '')) return true
    throw new OidcLoginError(
      'kubeconfig_unwritable',
      `Another program is changing the kubeconfig ${path}.`,
      { hint: `Try again; when no program does, delete ${path}.lock.` },
    )
  })
}

function whileWriting<T>(path: string, operation: () => T): T {
  try {
    return operation()
  } catch (error) {
    if (error instanceof OidcLoginError) throw error
    throw new OidcLoginError(
      'kubeconfig_unwritable',
      `The kubeconfig ${path} cannot be written (${systemErrorCode(error) ?? 'unknown error'}).`,
      {
        hint: 'Check the permissions of the file and its folder, or give --kubeconfig.',
        cause: error,
      },
    )
  }
}

function namesIn(path: string, text: string): Set<string> {
  const { clusters, contexts, users, currentContext } = parseKubeconfig(path, text)
  return new Set([
    ...clusters.map(({ name }) => nameOf({ list: 'clusters', name })),
    ...contexts.map(({ name }) => nameOf({ list: 'contexts', name })),
    ...users.map(({ name }) => nameOf({ list: 'users', name })),
    ...(currentContext ? [nameOf({ list: 'current-context', name: '' })] : []),
  ])
}

function nameOf({ list, name }: { readonly list: string; readonly name: string }): string {
  return list === 'current-context' ? list : `${list}/${name}`
}
