import { textAt, valueAt } from './json.ts'
import type { KubernetesObject } from './object.ts'
import type { ResourceType } from './resources.ts'
import { badRequest } from './status.ts'

/** Whether an object is selected. */
export type Selector = (object: KubernetesObject) => boolean

/**
 * Reads the selectors of a list or watch.
 *
 * @param query the `labelSelector` and `fieldSelector` parameters count
 * @throws {StatusError} 400 for a selector that is malformed or names a field that cannot be
 *   selected by
 */
export function parseSelectors(type: ResourceType, query: URLSearchParams): Selector {
  const labels = query.get('labelSelector') ?? ''
  const fields = query.get('fieldSelector') ?? ''
  const terms = [
    ...labelTerms(labels).map(parseLabelTerm),
    ...fields
      .split(',')
      .filter((term) => term !== '')
      .map((term) => parseFieldTerm(type, term)),
  ]
  return (object) => terms.every((selects) => selects(object))
}

/** The commas within the parentheses of a set do not separate terms. */
function labelTerms(text: string): readonly string[] {
  const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim())
  return terms.filter((term) => term !== '')
}

const equality = /^([\w./-]+)\s*(=|==|!=)\s*([\w.-]*)$/
const membership = /^([\w./-]+)\s+(in|notin)\s*\(([\w.,\s-]*)\)$/
const existence = /^(!?)\s*([\w./-]+)$/

function parseLabelTerm(term: string): Selector {
  const [, equalKey = '', operator, value = ''] = equality.exec(term) ?? []
  if (operator) return (object) => (labelOf(object, equalKey) === value) === (operator !== '!=')
  const [, setKey = '', member, values = ''] = membership.exec(term) ?? []
  if (member) {
    const set = new Set<string | undefined>(values.split(',').map((one) => one.trim()))
    return (object) => set.has(labelOf(object, setKey)) === (member === 'in')
  }
  const [, negation, key] = existence.exec(term) ?? []
  if (key) return (object) => (labelOf(object, key) === undefined) === (negation === '!')
  throw badRequest(`unable to parse requirement: ${JSON.stringify(term)}`)
}

function labelOf(object: KubernetesObject, key: string): string | undefined {
  const labels = Object.entries(valueAt(object, 'metadata.labels') ?? {})
  const [, value] = labels.find(([label]) => label === key) ?? []
  return typeof value === 'string' ? value : undefined
}

function parseFieldTerm(type: ResourceType, term: string): Selector {
  const [, field = '', operator, value] = /^([^=!]+)(=|==|!=)([^=!]*)$/.exec(term) ?? []
  if (!operator) throw badRequest(`invalid selector: can't understand '${term}'`)
  const selectable = ['metadata.name', 'metadata.namespace', ...type.selectableFields]
  if (!selectable.includes(field)) {
    throw badRequest(`field label not supported: ${field}`)
  }
  return (object) => (textAt(object, field) === value) === (operator !== '!=')
}
