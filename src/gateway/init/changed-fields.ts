import { isDeepStrictEqual } from 'node:util'
import type { ClusterObject } from '../cluster/index.ts'

/** What the API server writes by itself at each change, or asks for nothing. */
const bookkeeping: ReadonlySet<string> = new Set([
  '.status',
  '.metadata.managedFields',
  '.metadata.resourceVersion',
  '.metadata.generation',
])

/**
 * The paths of the fields that differ, such as `.spec.template.spec.containers[0].image`. What is in them
 * is not told: it may be a key.
 */
export function changedFields(before: ClusterObject, after: ClusterObject): readonly string[] {
  return differences('', before, after)
}

function differences(path: string, before: unknown, after: unknown): readonly string[] {
  if (bookkeeping.has(path) || isDeepStrictEqual(before, after)) return []
  if (isPlain(before) && isPlain(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) => differences(`${path}.${name}`, before[name], after[name]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((value, index) => differences(`${path}[${index}]`, value, after[index]))
  }
  return [path]
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
