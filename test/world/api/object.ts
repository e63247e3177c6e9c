import { isJsonObject, type Json, type JsonObject } from './json.ts'
import { apiVersionOf, type ResourceType } from './resources.ts'
import { badRequest, invalid } from './status.ts'

/** An object as a caller describes it: the server has not numbered it yet. */
export interface ObjectDraft extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: DraftMeta
}

/** `metadata` of a draft. */
export interface DraftMeta extends JsonObject {
  readonly name: string
  readonly namespace?: string
}

/** An object as the server keeps it. */
export interface KubernetesObject extends ObjectDraft {
  readonly metadata: ObjectMeta
}

/** `metadata` of a kept object. */
export interface ObjectMeta extends DraftMeta {
  readonly uid: string
  readonly resourceVersion: string
  readonly creationTimestamp: string
}

/** Where a caller wants an object to be, from the path of the request. */
export interface ObjectPlace {
  /** Namespace; undefined for a type without namespaces. */
  readonly namespace: string | undefined
  /** Name; undefined when the object itself names itself. */
  readonly name: string | undefined
}

/**
 * Reads an object from the body of a request.
 *
 * @throws {StatusError} 400 when it contradicts the path or is no object of this type, 422 when its
 *   name or a label is not acceptable
 */
export function parseObject(body: Json, type: ResourceType, place: ObjectPlace): ObjectDraft {
  if (!isJsonObject(body)) throw badRequest('the body of the request is not a JSON object')
  const apiVersion = expected(body.apiVersion, apiVersionOf(type), 'API version')
  const kind = expected(body.kind, type.kind, 'kind')
  const given = body.metadata ?? {}
  if (!isJsonObject(given)) throw badRequest('metadata is not an object')
  const name = parseName(given, type, place.name)
  requireTextMap(given, 'labels', type, name)
  requireTextMap(given, 'annotations', type, name)
  const { namespace: givenNamespace, ...rest } = given
  if (givenNamespace !== undefined && givenNamespace !== (place.namespace ?? '')) {
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  }
  const namespace = place.namespace === undefined ? {} : { namespace: place.namespace }
  return { ...body, apiVersion, kind, metadata: { ...rest, name, ...namespace } }
}

function expected(given: Json | undefined, wanted: string, what: string): string {
  if (given === wanted) return wanted
  throw badRequest(
    `the ${what} in the data (${String(given ?? '')}) does not match the expected ${what} (${wanted})`,
  )
}

/** RFC 1123 §2.1, as Kubernetes narrows it for names of objects. */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function parseName(metadata: JsonObject, type: ResourceType, placed: string | undefined): string {
  const { name: given, generateName } = metadata
  const generated = typeof generateName === 'string' ? generateName + randomSuffix() : undefined
  const name = given ?? placed ?? generated
  const subject = { group: type.group, resource: type.kind }
  if (typeof name !== 'string' || name === '') {
    throw invalid(subject, 'metadata.name', 'Required value: name or generateName is required')
  }
  if (placed !== undefined && name !== placed) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${placed})`,
    )
  }
  if (name.length > 253 || !subdomain.test(name)) {
    const problem = `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`
    throw invalid({ ...subject, name }, 'metadata.name', problem)
  }
  return name
}

/** Kubernetes appends five characters without vowels to a generated name. */
function randomSuffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  const bytes = crypto.getRandomValues(new Uint8Array(5))
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

function requireTextMap(
  metadata: JsonObject,
  field: string,
  type: ResourceType,
  name: string,
): void {
  const map = metadata[field]
  if (map === undefined || map === null) return
  if (isJsonObject(map) && Object.values(map).every((value) => typeof value === 'string')) return
  const subject = { group: type.group, resource: type.kind, name }
  throw invalid(subject, `metadata.${field}`, 'Invalid value: every value must be text')
}
