import { isJsonObject, itemsAt, type Json, textAt, valueAt } from '../../world/api/json.ts'
import { type ApiClient, ApiError } from '../api-client.ts'
import type { PodFacts } from './pod-facts.ts'

/** From where the files of volumes come. */
export interface VolumeSources {
  readonly api: ApiClient
  readonly pod: PodFacts
  /** The token of the pod for a `serviceAccountToken` of a projected volume. */
  token(source: Json): Promise<string>
  /** What of a text of a ConfigMap is to be another on this computer. */
  adapt(text: string): string
}

/** Contents by name of the file. */
type Files = ReadonlyMap<string, Buffer>

/** The files of a volume. Rejects when an object is missing that the volume needs. */
export async function filesOf(sources: VolumeSources, volume: Json): Promise<Files> {
  const projected = valueAt(volume, 'projected')
  const parts = projected === undefined ? [volume] : itemsAt(projected, 'sources')
  const files = new Map<string, Buffer>()
  for (const part of parts) {
    for (const [name, content] of await filesOfPart(sources, part)) files.set(name, content)
  }
  return files
}

async function filesOfPart(sources: VolumeSources, part: Json): Promise<Files> {
  const { api, pod, adapt } = sources
  const below = `/api/v1/namespaces/${pod.namespace}`
  const configMap = valueAt(part, 'configMap')
  if (configMap !== undefined) {
    const object = await read(api, `${below}/configmaps/${textAt(configMap, 'name')}`, configMap)
    return chosen(object, configMap, (text) => Buffer.from(adapt(text)))
  }
  const secret = valueAt(part, 'secret')
  if (secret !== undefined) {
    const name = textAt(secret, 'secretName') || textAt(secret, 'name')
    const object = await read(api, `${below}/secrets/${name}`, secret)
    return chosen(object, secret, (text) => Buffer.from(text, 'base64'))
  }
  const token = valueAt(part, 'serviceAccountToken')
  if (token !== undefined) {
    return new Map([[textAt(token, 'path'), Buffer.from(await sources.token(token))]])
  }
  // An empty folder, and whatever else a pod of ours does not have.
  return new Map()
}

async function read(api: ApiClient, path: string, source: Json): Promise<Json> {
  try {
    return await api.get(path)
  } catch (error) {
    const isOptional = valueAt(source, 'optional') === true
    if (isOptional && error instanceof ApiError && error.status === 404) return {}
    throw error
  }
}

function chosen(object: Json, source: Json, decode: (text: string) => Buffer): Files {
  const data = valueAt(object, 'data')
  const items = itemsAt(source, 'items')
  const names = items.length > 0 ? items : allOf(data)
  return new Map(
    names.map((item) => {
      const key = textAt(item, 'key')
      const text = isJsonObject(data) ? data[key] : undefined
      if (typeof text !== 'string') throw new Error(`there is no key ${key}`)
      return [textAt(item, 'path'), decode(text)]
    }),
  )
}

function allOf(data: Json | undefined): readonly Json[] {
  return isJsonObject(data) ? Object.keys(data).map((key) => ({ key, path: key })) : []
}
