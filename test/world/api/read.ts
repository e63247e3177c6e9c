import { chooseRepresentation, mediaTypeOf, table } from './accept.ts'
import { type Answer, ok } from './answer.ts'
import type { Cluster, ObjectCall } from './call.ts'
import type { JsonObject } from './json.ts'
import type { KubernetesObject } from './object.ts'
import { apiVersionOf } from './resources.ts'
import { parseSelectors } from './selectors.ts'
import { badRequest, notFound } from './status.ts'
import { tableOf } from './table.ts'

/** The object that a call names. Throws a {@link StatusError} 404 when there is none. */
export function existing(call: ObjectCall, { store }: Cluster): KubernetesObject {
  const { type, namespace, target } = call
  const found = store.get(type, namespace, target.name ?? '')
  if (!found) throw notFound({ ...type, name: target.name })
  return found
}

/** Answers with one object, as itself or as a table of one row. */
export function answerObject(
  call: ObjectCall,
  cluster: Cluster,
  object: KubernetesObject,
  code = 200,
): Answer {
  const representation = chooseRepresentation(call.accept, [table])
  const { resourceVersion } = object.metadata
  const json = representation ? toTable(call, cluster, [object], { resourceVersion }) : object
  return { code, json, contentType: mediaTypeOf(representation) }
}

/** Answers with the selected objects, page by page when the caller wants pages. */
export function list(call: ObjectCall, cluster: Cluster): Answer {
  const { type, namespace, request } = call
  const representation = chooseRepresentation(call.accept, [table])
  const selected = cluster.store.list(type, namespace).filter(parseSelectors(type, request.query))
  const { objects, next } = pageOf(selected, request.query)
  const metadata = { resourceVersion: String(cluster.store.version), ...next }
  if (representation) {
    return ok(toTable(call, cluster, objects, metadata), mediaTypeOf(representation))
  }
  return ok({
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata,
    // The kind of the list tells the kind of its items, and kube-apiserver does not repeat it.
    items: objects.map(({ kind, apiVersion, ...rest }) => rest),
  })
}

/** A table of objects, with what the caller wants to go along with each row. */
export function toTable(
  { type, request }: ObjectCall,
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  metadata: JsonObject,
): JsonObject {
  const includeObject = request.query.get('includeObject')
  return tableOf(objects, metadata, { type, includeObject, now: cluster.now() })
}

interface Page {
  readonly objects: readonly KubernetesObject[]
  readonly next: JsonObject
}

/** The `continue` token is the place of the last object that was answered. */
function pageOf(all: readonly KubernetesObject[], query: URLSearchParams): Page {
  const token = query.get('continue') ?? ''
  const start = token === '' ? 0 : all.findIndex((object) => tokenOf(object) === token) + 1
  if (token !== '' && start === 0) throw badRequest('continue key is not valid')
  const limit = Number(query.get('limit') ?? 0)
  if (!Number.isInteger(limit) || limit < 0) throw badRequest('limit must be a positive integer')
  const rest = all.slice(start)
  const objects = limit === 0 ? rest : rest.slice(0, limit)
  const last = objects.at(-1)
  if (!last || objects.length === rest.length) return { objects, next: {} }
  const remainingItemCount = rest.length - objects.length
  return { objects, next: { continue: tokenOf(last), remainingItemCount } }
}

function tokenOf({ metadata }: KubernetesObject): string {
  return Buffer.from(`${metadata.namespace ?? ''}/${metadata.name}`).toString('base64url')
}
