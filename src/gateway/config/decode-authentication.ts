import type {
  AuthenticationConfiguration,
  JwtAuthenticator,
} from './authentication-configuration.ts'
import { decodeClaimMappings } from './decode-claim-mappings.ts'
import { decodeIssuer } from './decode-issuer.ts'
import { decodeClaimValidationRules, decodeUserValidationRules } from './decode-rules.ts'
import {
  booleanAt,
  type Cursor,
  fieldsOf,
  itemsOf,
  quote,
  report,
  textAt,
} from './decoding/index.ts'
import type { ExpressionLanguage } from './expression-language.ts'

/** What `apiVersion` of an AuthenticationConfiguration may be. */
export const authenticationApiVersions = [
  'apiserver.config.k8s.io/v1',
  'apiserver.config.k8s.io/v1beta1',
] as const

/** kube-apiserver takes no more. */
const mostAuthenticators = 64

/**
 * Decodes an `AuthenticationConfiguration` with the validation of kube-apiserver
 * (k8s.io/apiserver pkg/apis/apiserver/validation). What is wrong is reported to the cursor.
 */
export function decodeAuthentication(
  root: Cursor,
  language: ExpressionLanguage,
): AuthenticationConfiguration {
  const fields = fieldsOf(root, ['apiVersion', 'kind', 'jwt', 'anonymous'])
  const items = itemsOf(fields?.at('jwt'))
  if (items.length === 0) {
    report(fields?.at('jwt') ?? root, 'jwt names no provider, so that nobody could sign in.')
  }
  if (items.length > mostAuthenticators) {
    report(root, `jwt has ${items.length} items; kube-apiserver takes ${mostAuthenticators}.`)
  }
  decodeAnonymous(fields?.at('anonymous'))
  const jwt = items
    .slice(0, mostAuthenticators)
    .map((item) => decodeJwtAuthenticator(item, language))
  reportTwins(items, jwt)
  return { jwt }
}

function decodeJwtAuthenticator(cursor: Cursor, language: ExpressionLanguage): JwtAuthenticator {
  const fields = fieldsOf(cursor, [
    'issuer',
    'claimValidationRules',
    'claimMappings',
    'userValidationRules',
  ])
  const rules = decodeClaimValidationRules(fields?.at('claimValidationRules'), language)
  const mappings = fields?.at('claimMappings')
  if (fields && !mappings) report(cursor, 'claimMappings is missing.')
  return {
    issuer: decodeIssuer(fields?.at('issuer'), cursor),
    claimValidationRules: rules,
    claimMappings: decodeClaimMappings(mappings, rules, language),
    userValidationRules: decodeUserValidationRules(fields?.at('userValidationRules'), language),
  }
}

/** The gateway never lets anybody in without a token, so only the refusal of anonymous users is taken. */
function decodeAnonymous(cursor: Cursor | undefined): void {
  const fields = fieldsOf(cursor, ['enabled', 'conditions'])
  if (!fields) return
  if (booleanAt(fields.at('enabled'), false)) {
    const message =
      'The gateway forwards no anonymous request. Set enabled to false, or leave "anonymous" out.'
    report(fields.at('enabled') ?? fields.cursor, message)
    for (const condition of itemsOf(fields.at('conditions'))) {
      textAt(fieldsOf(condition, ['path'])?.at('path'), '')
    }
  } else if (itemsOf(fields.at('conditions')).length > 0) {
    report(fields.at('conditions') ?? fields.cursor, 'Conditions are for enabled: true only.')
  }
}

/** Two authenticators for one issuer would make the identity depend on their order. */
function reportTwins(items: readonly Cursor[], jwt: readonly JwtAuthenticator[]): void {
  const issuers = new Set<string>()
  const discoveryUrls = new Set<string>()
  for (const [index, { issuer }] of jwt.entries()) {
    const cursor = items[index]
    if (!cursor) continue
    if (issuer.url !== '' && issuers.has(issuer.url)) {
      report(cursor, `Another item has the issuer ${quote(issuer.url)}, too.`)
    }
    issuers.add(issuer.url)
    if (issuer.discoveryURL === undefined) continue
    if (discoveryUrls.has(issuer.discoveryURL)) {
      report(cursor, `Another item has the discoveryURL ${quote(issuer.discoveryURL)}, too.`)
    }
    discoveryUrls.add(issuer.discoveryURL)
  }
}
