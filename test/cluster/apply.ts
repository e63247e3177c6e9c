import { parseAllDocuments } from 'yaml'
import { isJsonObject, itemsAt, type Json, textAt, valueAt } from '../world/api/json.ts'
import type { ApiClient } from './api-client.ts'

/**
 * Applies objects one after the other by server-side apply, as `kubectl apply --server-side` does.
 *
 * @param yaml objects as YAML documents
 * @param namespace of objects that name none
 * @returns the objects as they are now
 */
export async function applyYaml(
  api: ApiClient,
  yaml: string,
  namespace = 'default',
): Promise<readonly Json[]> {
  const applied: Json[] = []
  for (const document of parseAllDocuments(yaml)) {
    const object: Json = document.toJS()
    if (!isJsonObject(object)) continue
    applied.push(await api.apply(await pathOf(api, object, namespace), object))
  }
  return applied
}

/** The path of an object: the API server tells how its kind is called in paths, and where it lives. */
async function pathOf(api: ApiClient, object: Json, namespace: string): Promise<string> {
  const version = textAt(object, 'apiVersion')
  const kind = textAt(object, 'kind')
  const group = version.includes('/') ? `/apis/${version}` : `/api/${version}`
  const resource = itemsAt(await api.get(group), 'resources').find(
    (each) => textAt(each, 'kind') === kind && !textAt(each, 'name').includes('/'),
  )
  if (resource === undefined) throw new Error(`the API server knows no ${kind} of ${version}`)
  const place = textAt(object, 'metadata.namespace') || namespace
  const within = valueAt(resource, 'namespaced') === true ? `/namespaces/${place}` : ''
  return `${group}${within}/${textAt(resource, 'name')}/${textAt(object, 'metadata.name')}`
}
