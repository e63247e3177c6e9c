import { readTemplate } from './header-template.ts'
import type { DocumentFields } from './imported.ts'
import { itemsAt, textAt } from './manifests.ts'
import { type ImportNote, note } from './note.ts'

/** The headers that a filter injects, as claim mappings. */
export interface ImportedHeaders {
  readonly mappings: DocumentFields
  readonly notes: readonly ImportNote[]
}

/** Translates `injectRequestHeaders`. */
export function importHeaders(spec: unknown, at: (field: string) => string): ImportedHeaders {
  const notes: ImportNote[] = []
  const mappings: Record<string, DocumentFields> = {}
  for (const header of itemsAt(spec, 'injectRequestHeaders')) {
    const name = textAt(header, 'name') ?? ''
    const field = mappingFor(name)
    if (field === undefined) {
      notes.push(note('dropped', at(`header ${name}`), whyDropped(name)))
      continue
    }
    const template = readTemplate(textAt(header, 'value') ?? '')
    if (template) {
      mappings[field] = field === 'uid' ? { claim: template.claim } : { ...template }
    } else {
      const message = `The template cannot be translated. Write it as a CEL expression in claimMappings.${field}.expression.`
      notes.push(note('todo', at(`header ${name}`), message))
    }
  }
  if (!mappings.username) {
    mappings.username = { claim: 'sub', prefix: '' }
    notes.push(note('todo', at('header Impersonate-User'), 'The username is sub now.'))
  }
  return { mappings, notes }
}

const fields: ReadonlyMap<string, string> = new Map([
  ['impersonate-user', 'username'],
  ['impersonate-group', 'groups'],
  ['impersonate-uid', 'uid'],
])

function mappingFor(name: string): string | undefined {
  return fields.get(name.toLowerCase())
}

function whyDropped(name: string): string {
  const lower = name.toLowerCase()
  if (lower === 'impersonate-groups' || lower === 'impersonate-name') {
    return 'There is no such header; the API server ignored it. The headers are Impersonate-Group and Impersonate-User.'
  }
  if (lower.startsWith('impersonate-extra-')) {
    return 'Write it as an item of claimMappings.extra, with a key such as example.com/team.'
  }
  return 'Only impersonation headers are sent to the API server.'
}
