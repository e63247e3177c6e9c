import { OidcLoginError } from '../../errors.ts'
import { type Imported, writeDocuments } from './imported.ts'
import { importFilter } from './jwt-filter.ts'
import { fieldAt, itemsAt, type Manifest, readManifests, textAt } from './manifests.ts'
import { type ImportNote, note } from './note.ts'
import { importMappings } from './upstream-mapping.ts'

/**
 * Translates what Ambassador Edge Stack was given to guard the Kubernetes API: `Filter` (JWT),
 * `FilterPolicy`, `Mapping` and `TLSContext`.
 *
 * @throws OidcLoginError `usage_invalid` when it is not YAML, or holds no JWT filter
 */
export function importAmbassador(
  files: readonly { readonly file: string; readonly text: string }[],
): Imported {
  const manifests = files.flatMap(({ file, text }) => readManifests(file, text))
  const filters = manifests.filter(isJwtFilter)
  if (filters.length === 0) {
    throw new OidcLoginError('usage_invalid', 'There is no Filter with a JWT section.', {
      hint: 'Give the file with the Filter, and with FilterPolicy, Mapping and TLSContext if they are in others.',
    })
  }
  const policies = manifests.filter(({ kind }) => kind === 'FilterPolicy')
  const imported = filters.map((filter) => importFilter(filter, scopesFor(filter, policies)))
  const upstream = importMappings(manifests)
  const gateway = {
    listen: { certFile: '/etc/oidc-gateway/tls.crt', keyFile: '/etc/oidc-gateway/tls.key' },
    upstream: upstream.fields,
    tokens: { signingAlgorithms: [...new Set(imported.flatMap((one) => one.signingAlgorithms))] },
  }
  return {
    text: writeDocuments(
      gateway,
      imported.map(({ jwt }) => jwt),
    ),
    notes: [
      ...imported.flatMap(({ notes }) => notes),
      ...policies.flatMap(notesOnPolicy),
      ...upstream.notes,
    ],
  }
}

function isJwtFilter({ kind, spec }: Manifest): boolean {
  return kind === 'Filter' && fieldAt(spec, 'JWT') !== undefined
}

/** Scopes are demanded where a policy uses a filter, not in the filter. */
function scopesFor(filter: Manifest, policies: readonly Manifest[]): readonly string[] {
  const uses = policies
    .flatMap(({ spec }) => itemsAt(spec, 'rules'))
    .flatMap((rule) => itemsAt(rule, 'filters'))
    .filter((use) => textAt(use, 'name') === filter.name)
  const scopes = uses.flatMap((use) => {
    const given = fieldAt(use, 'arguments')
    return [...itemsAt(given, 'scope'), ...itemsAt(given, 'scopes')].map(String)
  })
  return [...new Set(scopes)]
}

function notesOnPolicy({ name, spec }: Manifest): ImportNote[] {
  const source = `FilterPolicy ${name}`
  const isWhole = itemsAt(spec, 'rules').some(
    (rule) => textAt(rule, 'host') === '*' && /^\/?\*+$/.test(textAt(rule, 'path') ?? ''),
  )
  return [
    isWhole
      ? note('dropped', source, 'Every request needs a token; no rule has to say so.')
      : note(
          'weakness',
          source,
          'Requests that no rule matched went through without a token. Now every request needs one.',
        ),
  ]
}
