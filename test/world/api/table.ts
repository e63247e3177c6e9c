import { columnsOf } from './columns.ts'
import type { Json, JsonObject } from './json.ts'
import type { KubernetesObject } from './object.ts'
import type { ResourceType } from './resources.ts'
import { badRequest } from './status.ts'

/** What a table is to be made of. */
export interface TableOptions {
  readonly type: ResourceType
  /** The `includeObject` parameter: what of each object goes with its row. */
  readonly includeObject: string | null
  /** The time, in milliseconds since the epoch. */
  readonly now: number
}

/**
 * Makes a `meta.k8s.io/v1` Table: what `kubectl get` prints.
 *
 * @param metadata metadata of the list, or of the one object
 * @throws {StatusError} 400 for an unknown `includeObject`
 */
export function tableOf(
  objects: readonly KubernetesObject[],
  metadata: JsonObject,
  { type, includeObject, now }: TableOptions,
): JsonObject {
  const columns = columnsOf(type)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({ name, type: kind, priority }, index) => ({
      name,
      type: kind,
      format: index === 0 ? 'name' : '',
      description: `${name} of the ${type.kind}`,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      ...included(object, includeObject ?? 'Metadata'),
    })),
  }
}

function included(object: KubernetesObject, what: string): { object?: Json } {
  switch (what) {
    case 'None':
      return {}
    case 'Object':
      return { object }
    case 'Metadata': {
      const { metadata } = object
      const kind = 'PartialObjectMetadata'
      return { object: { kind, apiVersion: 'meta.k8s.io/v1', metadata } }
    }
    default:
      throw badRequest(`unrecognized includeObject value: ${JSON.stringify(what)}`)
  }
}
