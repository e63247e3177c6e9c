import { certificateUser, gatewayName } from '../manifests/index.ts'
import type { Change } from './plan.ts'

/**
 * A binding as it is while pods are replaced: when the gateway becomes another user, by another kind of
 * credential, the old pods must not lose their right before they have ended.
 *
 * @returns the change itself when there is nothing to keep
 */
export function boundMeanwhile(change: Change, namespace: string): Change {
  if (change.kind !== 'change' || change.object.kind !== 'ClusterRoleBinding') return change
  const wanted = subjectsIn(change.object)
  const kept = subjectsIn(change.before).filter(
    (subject) =>
      isGateway(subject, namespace) &&
      !wanted.some((one) => Object(one).kind === Object(subject).kind),
  )
  if (kept.length === 0) return change
  return { ...change, object: { ...change.object, subjects: [...wanted, ...kept] } }
}

function subjectsIn(binding: object): readonly unknown[] {
  const subjects: unknown = Reflect.get(binding, 'subjects')
  return Array.isArray(subjects) ? subjects : []
}

function isGateway(subject: unknown, namespace: string): boolean {
  const { kind, name, namespace: home } = Object(subject)
  return kind === 'User'
    ? name === certificateUser(namespace)
    : kind === 'ServiceAccount' && name === gatewayName && home === namespace
}
