import { isJsonObject, type Json } from './json.ts'
import type { ResourceType } from './resources.ts'
import { type Schema, schemaOf } from './schemas.ts'
import { badRequest } from './status.ts'

/**
 * What `fieldValidation` asks for: refuse fields that the type does not have (`Strict`), warn of
 * them (`Warn`, the default) or say nothing (`Ignore`).
 *
 * @returns the warnings
 * @throws {StatusError} 400 in the words of kube-apiserver
 */
export function validateFields(
  object: Json,
  type: ResourceType,
  query: URLSearchParams,
): readonly string[] {
  const level = query.get('fieldValidation') || 'Warn'
  if (!['Strict', 'Warn', 'Ignore'].includes(level)) {
    throw badRequest(`fieldValidation: Unsupported value: ${JSON.stringify(level)}`)
  }
  if (level === 'Ignore') return []
  const problems = unknownFields(object, schemaOf(type), '').map(
    (path) => `unknown field ${JSON.stringify(path)}`,
  )
  if (level === 'Warn' || problems.length === 0) return problems
  const { kind, version } = type
  throw badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${problems.join(', ')}`,
  )
}

function unknownFields(value: Json, schema: Schema, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const { items } = schema
    if (!isJsonObject(items)) return []
    return value.flatMap((item, index) => unknownFields(item, items, `${path}[${index}]`))
  }
  const { properties } = schema
  if (!isJsonObject(value) || !isJsonObject(properties)) return []
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true
  return Object.entries(value).flatMap(([field, inner]) => {
    const here = path === '' ? field : `${path}.${field}`
    const known = Object.hasOwn(properties, field) ? properties[field] : undefined
    if (!isJsonObject(known)) return isOpen ? [] : [here]
    return inner === undefined ? [] : unknownFields(inner, known, here)
  })
}
