import { isDeepStrictEqual } from 'node:util'
import {
  type ClusterClient,
  type ClusterObject,
  groupOf,
  nameOf,
  type ObjectName,
  resourceOf,
} from '../cluster/index.ts'
import type { KubernetesObject } from '../manifests/index.ts'
import { rightsIn } from '../rights/index.ts'
import { missingRights, type NeededRight } from './rights-preflight.ts'

/** An object that is to be there, and what is there now. */
export interface Wanted<Name extends ObjectName = KubernetesObject> {
  readonly object: Name
  readonly existing: ClusterObject | undefined
}

/** A verb on one object. `create` and `list` are never about one object by its name. */
export function rightOn(verb: string, object: ObjectName, subresource?: string): NeededRight {
  const { name, namespace } = object.metadata
  const resource = resourceOf(object)
  const isForOne = verb !== 'create' && verb !== 'list'
  return {
    right: {
      kind: 'resource',
      verb,
      group: groupOf(object),
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      ...(isForOne ? { name } : {}),
    },
    namespace,
  }
}

/** What applying an object needs: who creates by applying needs both rights. */
export function rightsToApply({ object, existing }: Wanted): readonly NeededRight[] {
  return [rightOn('patch', object), ...(existing === undefined ? [rightOn('create', object)] : [])]
}

/**
 * What granting rights to others needs (RBAC forbids escalation): the right to escalate or to bind, or
 * else each of the rights that are granted.
 */
export async function rightsToGrant(
  client: ClusterClient,
  wanted: readonly Wanted[],
): Promise<readonly NeededRight[]> {
  const needed: NeededRight[] = []
  for (const { object, existing } of wanted) {
    const grant = grantOf(object, existing)
    if (grant === undefined) continue
    const role = wanted.find((one) => isSameObject(one.object, grant.role))
    const held = rightsIn(role?.object.rules).map((right) => ({
      right,
      namespace: object.metadata.namespace,
    }))
    const special = rightOn(grant.verb, grant.role)
    const lacksSpecial = (await missingRights(client, [special])).length > 0
    if (lacksSpecial && (await missingRights(client, held)).length > 0) needed.push(special)
  }
  return needed
}

interface Grant {
  readonly verb: 'escalate' | 'bind'
  readonly role: ObjectName
}

/** What is not changed is not judged again. */
function grantOf(object: KubernetesObject, existing: ClusterObject | undefined): Grant | undefined {
  const { kind, apiVersion, metadata } = object
  const isSame = (field: string): boolean =>
    existing !== undefined && isDeepStrictEqual(plain(existing[field]), plain(object[field]))
  if (kind === 'ClusterRole' || kind === 'Role') {
    return isSame('rules') ? undefined : { verb: 'escalate', role: object }
  }
  if (kind === 'ClusterRoleBinding' || kind === 'RoleBinding') {
    if (isSame('subjects')) return undefined
    return { verb: 'bind', role: { apiVersion, kind: kind.replace('Binding', ''), metadata } }
  }
  return undefined
}

function isSameObject(one: ObjectName, other: ObjectName): boolean {
  return nameOf(one) === nameOf(other)
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
