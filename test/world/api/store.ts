import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubernetesObject, ObjectDraft } from './object.ts'
import type { ResourceType } from './resources.ts'

/** One change of one object. */
export interface Change {
  readonly type: ResourceType
  /** The version that the change made. */
  readonly version: number
  /** The object before; undefined when it was created. */
  readonly before: KubernetesObject | undefined
  /** The object after; undefined when it was deleted. */
  readonly after: KubernetesObject | undefined
}

/** The objects of the cluster, in memory. Objects are never changed in place. */
export interface Store {
  /** Version of the whole store: grows by one with each change. */
  readonly version: number
  /** The object with this name; `namespace` is undefined for a type without namespaces. */
  get(type: ResourceType, namespace: string | undefined, name: string): KubernetesObject | undefined
  /** The objects of one namespace or, without `namespace`, of all; by namespace and name. */
  list(type: ResourceType, namespace?: string): readonly KubernetesObject[]
  /** The object that {@link Store.save} would keep, without keeping it. */
  preview(type: ResourceType, draft: ObjectDraft): KubernetesObject
  /** Creates or replaces an object. A replacement that changes nothing makes no change. */
  save(type: ResourceType, draft: ObjectDraft): KubernetesObject
  /** Deletes an object, if it is there. */
  remove(type: ResourceType, namespace: string | undefined, name: string): void
  /**
   * Tells of changes: first of those after `version`, at once, then of each new one.
   *
   * @returns ends it
   */
  follow(version: number, listener: (change: Change) => void): () => void
}

/**
 * Makes an empty store.
 *
 * @param now the time, in milliseconds since the epoch
 */
export function createStore(now: () => number): Store {
  const objects = new Map<string, KubernetesObject>()
  const changes: Change[] = []
  const listeners = new Set<(change: Change) => void>()
  let version = 1

  function preview(type: ResourceType, draft: ObjectDraft): KubernetesObject {
    const { name, namespace } = draft.metadata
    const before = objects.get(keyOf(type, namespace, name))?.metadata
    return {
      ...draft,
      metadata: {
        ...draft.metadata,
        uid: before?.uid ?? randomUUID(),
        resourceVersion: before?.resourceVersion ?? String(version + 1),
        creationTimestamp: before?.creationTimestamp ?? timestamp(now()),
      },
    }
  }

  function tell(change: Change): void {
    changes.push(change)
    for (const listener of [...listeners]) listener(change)
  }

  return {
    get version() {
      return version
    },
    get: (type, namespace, name) => objects.get(keyOf(type, namespace, name)),
    list(type, namespace) {
      const prefix = namespace === undefined ? typePrefix(type) : namespacePrefix(type, namespace)
      const found = [...objects].filter(([key]) => key.startsWith(prefix))
      return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object)
    },
    preview,
    save(type, draft) {
      const key = keyOf(type, draft.metadata.namespace, draft.metadata.name)
      const before = objects.get(key)
      const same = preview(type, draft)
      if (before && isDeepStrictEqual(before, same)) return before
      version += 1
      const after = { ...same, metadata: { ...same.metadata, resourceVersion: String(version) } }
      objects.set(key, after)
      tell({ type, version, before, after })
      return after
    },
    remove(type, namespace, name) {
      const key = keyOf(type, namespace, name)
      const before = objects.get(key)
      if (!objects.delete(key)) return
      version += 1
      tell({ type, version, before, after: undefined })
    },
    follow(after, listener) {
      for (const change of changes) if (change.version > after) listener(change)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** How Kubernetes writes a moment: RFC 3339, UTC, whole seconds. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** No part can hold a slash, so that keys of different objects differ and prefixes are exact. */
function keyOf(type: ResourceType, namespace: string | undefined, name: string): string {
  return `${namespacePrefix(type, namespace)}${name}`
}

function namespacePrefix(type: ResourceType, namespace: string | undefined): string {
  return `${typePrefix(type)}${namespace ?? ''}/`
}

function typePrefix(type: ResourceType): string {
  return `${type.group}/${type.resource}/`
}
