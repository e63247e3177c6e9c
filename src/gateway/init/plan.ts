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

/**
 * What applying would change, as the API server itself says (dry run).
 *
 * @throws OidcLoginError `object_conflict`, `cluster_refused`
 */
export async function changesOf(
  client: ClusterClient,
  wanted: readonly Wanted[],
  force: boolean,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (const { object, existing } of wanted) {
    if (existing === undefined) {
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
