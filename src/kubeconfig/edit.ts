import { isDeepStrictEqual } from 'node:util'
import { type Document, isCollection, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml'
import { invalidKubeconfig, parseKubeconfigText } from './document.ts'

/** Fields of a mapping; `undefined` takes a field away, a nested mapping is merged. */
export interface FieldChanges {
  readonly [field: string]: FieldValue | undefined
}

/** What a field can become. */
export type FieldValue =
  | string
  | boolean
  | readonly string[]
  | readonly Readonly<Record<string, string>>[]
  | FieldChanges

/** One change of a kubeconfig. */
export type KubeconfigChange =
  | {
      /** Which list holds the entry. */
      readonly list: 'clusters' | 'contexts' | 'users'
      readonly name: string
      /** What becomes of the entry; other fields stay. */
      readonly fields: FieldChanges
    }
  | { readonly list: 'current-context'; readonly name: string }

/**
 * Changes the text of a kubeconfig. Comments, the order and all other entries stay.
 *
 * @param path named in errors
 * @throws OidcLoginError `kubeconfig_invalid`
 */
export function editKubeconfig(
  path: string,
  text: string,
  changes: readonly KubeconfigChange[],
): string {
  const { document, lineOf } = parseKubeconfigText(path, text)
  if (document.contents === null) {
    document.contents = document.createNode({ apiVersion: 'v1', kind: 'Config' })
  }
  const root: unknown = document.contents
  if (!isMap(root)) throw invalidKubeconfig(path, lineOf([]), 'the file is not a mapping')
  for (const change of changes) {
    if (change.list === 'current-context') {
      mergeFields(document, root, { 'current-context': change.name })
      continue
    }
    const list = listIn(document, root, change.list)
    if (list === undefined) {
      throw invalidKubeconfig(path, lineOf([change.list]), `"${change.list}" is not a list`)
    }
    const bodyKey = change.list.slice(0, -1)
    mergeFields(document, entryIn(document, list, change.name), { [bodyKey]: change.fields })
  }
  return format(document, text)
}

function listIn(document: Document, root: YAMLMap, key: string): YAMLSeq | undefined {
  const found: unknown = root.get(key, true)
  if (isSeq(found)) return found
  const isEmpty = found === undefined || document.createNode(root.get(key)).toJSON() === null
  if (!isEmpty) return undefined
  const created = document.createNode([])
  root.set(key, created)
  return isSeq(created) ? created : undefined
}

function entryIn(document: Document, list: YAMLSeq, name: string): YAMLMap {
  const found = list.items.find((item) => isMap(item) && item.get('name') === name)
  if (isMap(found)) return found
  const created = document.createNode({ name })
  // An empty list is written as "[]"; what is added to it belongs on lines of its own.
  if (list.items.length === 0) list.flow = false
  list.items.push(created)
  return created
}

function mergeFields(document: Document, map: YAMLMap, changes: FieldChanges): void {
  for (const [field, value] of Object.entries(changes)) {
    const before: unknown = map.get(field, true)
    if (value === undefined) map.delete(field)
    else if (isFields(value)) mergeFields(document, mappingIn(document, map, field), value)
    else if (!isDeepStrictEqual(plainValue(before), value)) {
      map.set(field, document.createNode(value))
    }
  }
}

function mappingIn(document: Document, map: YAMLMap, field: string): YAMLMap {
  const found: unknown = map.get(field, true)
  if (isMap(found)) return found
  const created = document.createNode({})
  created.flow = false
  map.set(field, created)
  return created
}

function isFields(value: FieldValue): value is FieldChanges {
  return typeof value === 'object' && !Array.isArray(value)
}

function plainValue(node: unknown): unknown {
  if (isCollection(node)) return node.toJSON()
  return Object(node).value
}

/** Written as it was: kubectl does not indent lists, people often do, and JSON stays JSON. */
function format(document: Document, before: string): string {
  if (before.trimStart().startsWith('{')) return `${JSON.stringify(document.toJS(), null, 2)}\n`
  const indentSeq = /^[\w-]+:[ \t]*\r?\n(?:[ \t]*#.*\n)*[ \t]+- /m.test(before)
  const text = document.toString({ lineWidth: 0, indentSeq, flowCollectionPadding: false })
  return before.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text
}
