import { parseAllDocuments } from 'yaml'
import { OidcLoginError } from '../../errors.ts'

/** A Kubernetes object of which nothing is known but its kind. */
export interface Manifest {
  readonly kind: string
  readonly name: string
  readonly namespace: string
  readonly spec: unknown
}

/**
 * Reads Kubernetes objects from YAML.
 *
 * @throws OidcLoginError `usage_invalid` when it is not YAML
 */
export function readManifests(file: string, text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    if (document.errors.length > 0) {
      throw new OidcLoginError('usage_invalid', `The file ${file} is not valid YAML.`, {
        hint: 'Give the manifests as "kubectl get filter,filterpolicy,mapping,tlscontext -o yaml" prints them.',
      })
    }
    return objectsIn(document.toJS({ mapAsMap: true, maxAliasCount: 100 }))
  })
}

/** A list of kubectl holds the objects in `items`. */
function objectsIn(value: unknown): Manifest[] {
  const items = fieldAt(value, 'items')
  if (Array.isArray(items)) return items.flatMap(objectsIn)
  const kind = textAt(value, 'kind')
  if (kind === undefined) return []
  const metadata = fieldAt(value, 'metadata')
  return [
    {
      kind,
      name: textAt(metadata, 'name') ?? '',
      namespace: textAt(metadata, 'namespace') ?? 'default',
      spec: fieldAt(value, 'spec'),
    },
  ]
}

/** A field of a mapping; undefined when there is none. */
export function fieldAt(value: unknown, name: string): unknown {
  return value instanceof Map ? value.get(name) : undefined
}

/** A field that is text. */
export function textAt(value: unknown, name: string): string | undefined {
  const field = fieldAt(value, name)
  return typeof field === 'string' ? field : undefined
}

/** The items of a field that is a list. */
export function itemsAt(value: unknown, name: string): readonly unknown[] {
  const field = fieldAt(value, name)
  return Array.isArray(field) ? field : []
}
