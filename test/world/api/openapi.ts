import { createHash } from 'node:crypto'
import type { Json, JsonObject } from './json.ts'
import { type ResourceType, resourceTypes, rootOf } from './resources.ts'
import { schemaNameOf, schemaOf } from './schemas.ts'
import { unknownPath } from './status.ts'

/** The index at `/openapi/v3`: one document for each group version. */
export function openApiIndex(): JsonObject {
  const roots = [...new Set(resourceTypes.map(rootOf))]
  return {
    paths: Object.fromEntries(
      roots.map((root) => [
        root.slice(1),
        { serverRelativeURL: `${base}${root}?hash=${hash(root)}` },
      ]),
    ),
  }
}

/**
 * The document of a group version: what `kubectl explain` prints and what `kubectl apply` asks
 * whether fields are validated here.
 *
 * @param path path of the request, for example `/openapi/v3/apis/apps/v1`
 * @throws {StatusError} 404 for a group version that does not exist
 */
export function openApiDocument(path: string): JsonObject {
  const types = resourceTypes.filter((type) => `${base}${rootOf(type)}` === path)
  if (types.length === 0) throw unknownPath()
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1' },
    paths: Object.fromEntries(types.flatMap(pathsOf)),
    components: {
      schemas: Object.fromEntries(types.map((type) => [schemaNameOf(type), schemaOf(type)])),
    },
  }
}

const base = '/openapi/v3'

function hash(root: string): string {
  return createHash('sha256')
    .update(JSON.stringify(openApiDocument(`${base}${root}`)))
    .digest('hex')
}

function pathsOf(type: ResourceType): [string, JsonObject][] {
  const scope = type.isNamespaced ? '/namespaces/{namespace}' : ''
  const collection = `${rootOf(type)}${scope}/${type.resource}`
  const scopeParameters = type.isNamespaced ? [parameter('namespace', 'path')] : []
  const collectionPath: [string, JsonObject] = [
    collection,
    { ...operations(type, collectionOperations), parameters: scopeParameters },
  ]
  if (!type.verbs.includes('get')) return [collectionPath]
  const parameters = [parameter('name', 'path'), ...scopeParameters]
  return [
    collectionPath,
    [`${collection}/{name}`, { ...operations(type, objectOperations), parameters }],
  ]
}

const collectionOperations = { get: 'list', post: 'create' } as const
const objectOperations = { get: 'get', put: 'update', patch: 'patch', delete: 'delete' } as const
const writingVerbs = ['create', 'update', 'patch']

/** @param verbs HTTP method → verb */
function operations(type: ResourceType, verbs: Readonly<Record<string, string>>): JsonObject {
  const { group, version, kind } = type
  const methods = Object.entries(verbs).filter(([, verb]) => type.verbs.includes(verb))
  return Object.fromEntries(
    methods.map(([method, verb]) => [
      method,
      {
        operationId: `${verb}${kind}`,
        'x-kubernetes-action': verb,
        'x-kubernetes-group-version-kind': { group, version, kind },
        ...(writingVerbs.includes(verb) ? { parameters: writingParameters } : {}),
        responses: { '200': answerOf(type, verb) },
      },
    ]),
  )
}

const writingParameters = [parameter('dryRun', 'query'), parameter('fieldValidation', 'query')]

function parameter(name: string, place: 'path' | 'query'): JsonObject {
  return { name, in: place, required: place === 'path', schema: { type: 'string' } }
}

function answerOf(type: ResourceType, verb: string): Json {
  if (verb === 'list' || verb === 'delete') return { description: 'OK' }
  const schema = { $ref: `#/components/schemas/${schemaNameOf(type)}` }
  return { description: 'OK', content: { 'application/json': { schema } } }
}
