import { type DocumentFields, unknownAudience, unknownIssuer } from './imported.ts'
import { importHeaders } from './injected-headers.ts'
import { fieldAt, itemsAt, type Manifest, textAt } from './manifests.ts'
import { type ImportNote, note } from './note.ts'

/** A filter as an item of `jwt`. */
export interface ImportedFilter {
  readonly jwt: DocumentFields
  readonly signingAlgorithms: readonly string[]
  readonly notes: readonly ImportNote[]
}

/**
 * Translates a JWT filter of Ambassador Edge Stack. Each of its defaults lets more through than ours
 * do; the notes say so.
 *
 * @param scopes that its policies demand
 */
export function importFilter(filter: Manifest, scopes: readonly string[]): ImportedFilter {
  const spec = fieldAt(filter.spec, 'JWT')
  const at = (field: string): string => `Filter ${filter.name}: ${field}`
  const issuer = importIssuer(spec, at)
  const headers = importHeaders(spec, at)
  return {
    jwt: {
      issuer: issuer.fields,
      claimValidationRules: scopes.map((scope) => ({
        expression: `claims.scope.split(' ').exists(s, s == ${JSON.stringify(scope)})`,
        message: `the scope ${scope} is missing`,
      })),
      claimMappings: headers.mappings,
    },
    signingAlgorithms: safeAlgorithms(spec),
    notes: [...issuer.notes, ...headers.notes, ...weaknesses(spec, at), ...dropped(spec, at)],
  }
}

type Place = (field: string) => string

function importIssuer(
  spec: unknown,
  at: Place,
): { readonly fields: DocumentFields; readonly notes: readonly ImportNote[] } {
  const notes: ImportNote[] = []
  const keys = textAt(spec, 'jwksURI') ?? ''
  const named = textAt(spec, 'issuer')
  const url = named ?? issuerBehind(keys) ?? unknownIssuer
  if (named === undefined) {
    const what = url === unknownIssuer ? 'Write it in the place of' : 'It seems to be'
    const message = `Tokens of any issuer with these keys were accepted. ${what} ${url}; it must equal the claim iss byte by byte.`
    notes.push(note(url === unknownIssuer ? 'todo' : 'weakness', at('issuer'), message))
  }
  if (!url.startsWith('https://')) {
    const message = `Keys were fetched without TLS, so whoever is in between could sign in as anybody. Serve the provider over https, and correct issuer.url.`
    notes.push(note('todo', at('jwksURI'), message))
  }
  const audience = textAt(spec, 'audience')
  if (audience === undefined) {
    const message = `Tokens that the provider issued to any client were accepted. Write the client id of kubectl in the place of ${unknownAudience}.`
    notes.push(note('todo', at('audience'), message))
  }
  const secure = url.replace(/^http:/, 'https:')
  return { fields: { url: secure, audiences: [audience ?? unknownAudience] }, notes }
}

/** Keycloak's keys are below its issuer. */
function issuerBehind(keys: string): string | undefined {
  return /^(https?:\/\/.+\/realms\/[^/]+)\/protocol\/openid-connect\/certs$/.exec(keys)?.[1]
}

function safeAlgorithms(spec: unknown): readonly string[] {
  const given = itemsAt(spec, 'validAlgorithms').map(String)
  return given.filter((name) => /^(RS|ES|PS)(256|384|512)$/.test(name))
}

function weaknesses(spec: unknown, at: Place): ImportNote[] {
  const isOn = (field: string): boolean => fieldAt(spec, field) === true
  const unsafe = itemsAt(spec, 'validAlgorithms')
    .map(String)
    .filter((name) => /^(none$|HS)/i.test(name))
  const found: readonly (readonly [string, boolean, string])[] = [
    [
      'requireAudience',
      textAt(spec, 'audience') !== undefined && !isOn('requireAudience'),
      'A token without an audience was accepted. It is refused now.',
    ],
    [
      'requireIssuer',
      textAt(spec, 'issuer') !== undefined && !isOn('requireIssuer'),
      'A token without an issuer was accepted. It is refused now.',
    ],
    [
      'requireExpiresAt',
      !isOn('requireExpiresAt'),
      'A token without an expiry was accepted, for ever. It is refused now.',
    ],
    [
      'insecureTLS',
      isOn('insecureTLS'),
      'The certificate of the provider was not verified. It is now; name its authority in issuer.certificateAuthority.',
    ],
    [
      'validAlgorithms',
      unsafe.length > 0,
      `Tokens with ${unsafe.join(', ')} were accepted: anybody can make those. They are refused now.`,
    ],
    [
      'injectRequestHeaders',
      true,
      'Impersonate headers that the client sent itself, and that are not in this list, went through: anybody could add Impersonate-Group: system:masters. They never do now.',
    ],
  ]
  return found.flatMap(([field, holds, message]) =>
    holds ? [note('weakness', at(field), message)] : [],
  )
}

const withoutCounterpart: ReadonlyMap<string, string> = new Map([
  ['leewayForExpiresAt', 'There is no leeway for exp.'],
  ['leewayForNotBefore', 'tokens.notBeforeLeeway is a minute, and can be less.'],
  ['leewayForIssuedAt', 'tokens.notBeforeLeeway is a minute, and can be less.'],
  ['requireNotBefore', 'nbf is checked when it is there.'],
  ['requireIssuedAt', 'iat is checked when it is there.'],
  [
    'maxStale',
    'Keys are renewed every five minutes, and kept for a day while the provider is down.',
  ],
  ['renegotiateTLS', 'TLS 1.3 has no renegotiation.'],
  ['errorResponse', 'Refusals are Kubernetes Status objects, which kubectl prints well.'],
])

function dropped(spec: unknown, at: Place): ImportNote[] {
  return [...withoutCounterpart].flatMap(([field, instead]) =>
    fieldAt(spec, field) === undefined ? [] : [note('dropped', at(field), instead)],
  )
}
