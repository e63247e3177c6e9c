import type { ClusterObject } from './objects.ts'

/**
 * Reads an object, as far as it is looked at.
 *
 * @returns undefined for what is none
 */
export function parseObject(value: unknown): ClusterObject | undefined {
  const { apiVersion, kind, metadata } = Object(value)
  const { name, namespace, uid, resourceVersion, deletionTimestamp, ...more } = Object(metadata)
  const needed = [apiVersion, kind, name, uid]
  if (!needed.every((one) => typeof one === 'string')) return undefined
  return {
    ...Object(value),
    apiVersion,
    kind,
    metadata: {
      ...more,
      name,
      ...(typeof namespace === 'string' ? { namespace } : {}),
      uid,
      resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
      ...(typeof deletionTimestamp === 'string' ? { deletionTimestamp } : {}),
      labels: textsOf(more.labels),
      annotations: textsOf(more.annotations),
    },
  }
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(Object(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(texts)
}
