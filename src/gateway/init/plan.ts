import { OidcLoginError } from '../../errors.ts'
import {
  type ClusterClient,
  type ClusterObject,
  nameOf,
  type ObjectName,
} from '../cluster/index.ts'
import { type KubernetesObject, labels } from '../manifests/index.ts'
import { changedFields } from './changed-fields.ts'
import type { Wanted } from './needed-rights.ts'
import { createdBy } from './objects-of.ts'

/** What becomes of an object. */
export type Change =
  | { readonly kind: 'create'; readonly object: KubernetesObject }
  | {
      readonly kind: 'change'
      readonly object: KubernetesObject
      readonly before: ClusterObject
      /** Names of the fields, never what is in them. */
      readonly fields: readonly string[]
    }
  | { readonly kind: 'keep'; readonly object: KubernetesObject }
  | { readonly kind: 'remove'; readonly object: ClusterObject }

const managedBy = 'app.kubernetes.io/managed-by'

/** Whether an installation of this program has made it. */
export function isOurs({ metadata }: ClusterObject): boolean {
  return metadata.labels[managedBy] === labels[managedBy]
}

/** Whether a namespace was made by an installation, and by nobody else. */
export function isMadeByInit({ metadata }: ClusterObject): boolean {
  return Object.entries(createdBy).every(([name, value]) => metadata.annotations[name] === value)
}

/**
 * Refuses to take over what somebody else has made under the same name.
 *
 * @throws OidcLoginError `object_conflict`
 */
export function refuseForeign(wanted: readonly Wanted<ObjectName>[]): void {
  const foreign = wanted.flatMap(({ existing }) =>
    existing !== undefined && !isOurs(existing) ? [existing] : [],
  )
  if (foreign.length === 0) return
  const names = foreign.map((object) => `  ${nameOf(object)}${ownerOf(object)}`)
  throw new OidcLoginError(
    'object_conflict',
    `These objects exist, and "oidc-gateway init" has not made them. Nothing was changed.\n${names.join('\n')}`,
    {
      hint: 'Choose another --namespace, delete them, or take them over with --force-conflicts.',
    },
  )
}

function ownerOf({ metadata }: ClusterObject): string {
  const owner = metadata.labels[managedBy]
  return owner === undefined ? '' : ` (managed by ${owner})`
}

/** How {@link changesOf} tries. */
export interface TrialOptions {
  readonly force: boolean
  /** Whether the namespace is there already; what is to be in it can be tried only then. */
  readonly hasNamespace: boolean
}

/**
 * What applying would change, as the API server itself says (dry run).
 *
 * @throws OidcLoginError `object_conflict`, `cluster_refused`
 */
export async function changesOf(
  client: ClusterClient,
  wanted: readonly Wanted[],
  { force, hasNamespace }: TrialOptions,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (const { object, existing } of wanted) {
    if (existing === undefined) {
      if (canBeTried(object, hasNamespace)) await client.apply(object, { force, isTrial: true })
      else await requireKind(client, object)
      changes.push({ kind: 'create', object })
      continue
    }
    const after = await client.apply(object, { force, isTrial: true })
    const fields = changedFields(existing, after)
    changes.push(
      fields.length === 0
        ? { kind: 'keep', object }
        : { kind: 'change', object, before: existing, fields },
    )
  }
  return changes
}

/** A binding cannot be judged before its role is there. */
function canBeTried({ kind, metadata }: KubernetesObject, hasNamespace: boolean): boolean {
  return !kind.endsWith('Binding') && (hasNamespace || metadata.namespace === undefined)
}

async function requireKind(client: ClusterClient, object: KubernetesObject): Promise<void> {
  if (!isExtension(object)) return
  const { kind, apiVersion } = object
  const { status } = await client.send({ method: 'GET', path: `/apis/${apiVersion}` })
  if (status !== 404) return
  throw new OidcLoginError(
    'cluster_refused',
    `The cluster does not know the kind ${kind} (${apiVersion}). Nothing was changed.`,
    { hint: 'Install what brings it, or leave the option out that asks for it.' },
  )
}

/** Whether a kind is not one of Kubernetes itself. */
function isExtension({ apiVersion }: KubernetesObject): boolean {
  const [group = ''] = apiVersion.split('/')
  return group.includes('.') && !group.endsWith('.k8s.io')
}

/** What an earlier installation has left that this one does not have. */
export function leftovers(
  possible: readonly ClusterObject[],
  wanted: readonly ObjectName[],
): readonly (Change & { readonly kind: 'remove' })[] {
  const names = new Set(wanted.map(nameOf))
  return possible
    .filter((object) => isOurs(object) && !names.has(nameOf(object)))
    .map((object) => ({ kind: 'remove' as const, object }))
}
