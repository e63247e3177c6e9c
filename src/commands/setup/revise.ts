import {
  backupOf,
  diffKubeconfig,
  type Kubeconfig,
  type KubeconfigChange,
  type KubeconfigFiles,
  kubeconfigFiles,
  readKubeconfig,
  reviseKubeconfig,
  writeKubeconfig,
} from '../../kubeconfig/index.ts'
import { printable } from '../../printable.ts'
import type { System } from '../../system/index.ts'
import type { OptionValues } from '../given-options.ts'
import type { EntryNames } from './entry-names.ts'

/** A kubeconfig as it is found. */
export interface OpenKubeconfig {
  readonly files: KubeconfigFiles
  readonly contents: Kubeconfig
}

/**
 * Reads the kubeconfig that the options mean.
 *
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`, `usage_invalid`
 */
export function openKubeconfig(system: System, options: OptionValues): OpenKubeconfig {
  const files = kubeconfigFiles(system, options.text('kubeconfig'))
  return { files, contents: readKubeconfig(system, files) }
}

/** The changes that lead to a cluster with a user, and make that the current way. */
export function contextChanges({ user, cluster, context }: EntryNames): KubeconfigChange[] {
  if (cluster === undefined || context === undefined) return []
  return [
    { list: 'contexts', name: context, fields: { cluster, user } },
    { list: 'current-context', name: context },
  ]
}

/**
 * Prints what the changes would make of the files, as `diff -u` would, with secrets covered.
 *
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`
 */
export function showRevision(
  system: System,
  { files }: OpenKubeconfig,
  changes: readonly KubeconfigChange[],
): void {
  const revisions = reviseKubeconfig(system, files, changes)
  for (const { path, before, after } of revisions) {
    system.terminal.stdout(diffKubeconfig(path, before, after))
  }
  system.terminal.stderr(
    revisions.length === 0 ? 'The kubeconfig would not change.' : 'Nothing was written.',
  )
}

/**
 * Changes the files, and says on stderr what was done.
 *
 * @returns the paths of backups, which hold what the files held
 * @throws OidcLoginError `file_unreadable`, `kubeconfig_invalid`, `kubeconfig_unwritable`
 */
export function revise(
  system: System,
  { files, contents }: OpenKubeconfig,
  changes: readonly KubeconfigChange[],
): string[] {
  const revisions = writeKubeconfig(system, files, changes)
  if (revisions.length === 0) system.terminal.stderr('The kubeconfig has all of it already.')
  for (const { path, before } of revisions) {
    const backup = before === undefined ? '' : ` The text before is in ${backupOf(path)}.`
    system.terminal.stderr(`Wrote ${path}.${backup}`)
  }
  reportCurrentContext(system, contents, changes)
  return revisions.flatMap(({ path, before }) => (before === undefined ? [] : [backupOf(path)]))
}

function reportCurrentContext(
  system: System,
  { currentContext }: Kubeconfig,
  changes: readonly KubeconfigChange[],
): void {
  const now = changes.find(({ list }) => list === 'current-context')?.name
  if (now === undefined || now === currentContext) return
  const before =
    currentContext === undefined
      ? ''
      : ` It was "${printable(currentContext)}"; back: kubectl config use-context ${printable(currentContext)}`
  system.terminal.stderr(`The current context is "${printable(now)}".${before}`)
}
