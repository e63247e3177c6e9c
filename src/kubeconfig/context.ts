import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './entries.ts'

/** A context, and what it names; undefined where it names nothing that is there. */
export type ChosenContext =
  /** None was asked for, and none is the current one. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly name: string }
  | {
      readonly kind: 'found'
      readonly context: ContextEntry
      readonly cluster: ClusterEntry | undefined
      readonly user: UserEntry | undefined
    }

/**
 * Finds a context as kubectl does.
 *
 * @param name of the context; the current one when it is not given
 */
export function chooseContext(kubeconfig: Kubeconfig, name?: string): ChosenContext {
  const wanted = name ?? kubeconfig.currentContext
  if (wanted === undefined) return { kind: 'none' }
  const context = kubeconfig.contexts.find((one) => one.name === wanted)
  if (context === undefined) return { kind: 'unknown', name: wanted }
  return {
    kind: 'found',
    context,
    cluster: kubeconfig.clusters.find((one) => one.name === context.cluster),
    user: kubeconfig.users.find((one) => one.name === context.user),
  }
}
