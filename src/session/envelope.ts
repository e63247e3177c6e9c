import type { SessionIdentity, TokenKind } from './key.ts'
import type { Session } from './session.ts'

const envelopeVersion = 1

/** The text of a session file, or why it is not one. */
export type ParsedEnvelope =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'damaged'; readonly reason: string }

/** Writes a session as the JSON text of its file. */
export function formatEnvelope(session: Session): string {
  return `${JSON.stringify({ version: envelopeVersion, ...session })}\n`
}

/**
 * Reads the text of a session file. Damage is an answer, not an error: a session that cannot be
 * read is replaced by signing in again.
 */
export function parseEnvelope(text: string): ParsedEnvelope {
  if (text.trim() === '') return damaged('it is empty')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return damaged('it is not complete JSON')
  }
  if (!isObject(value)) return damaged('it is not a JSON object')
  if ('ciphertext' in value) return damaged('it is encrypted (--token-cache-storage=keyring)')
  if (typeof value.version === 'number' && value.version > envelopeVersion) {
    return damaged(`it was written by a newer version (format ${value.version})`)
  }
  if (value.version !== envelopeVersion) return damaged('it has no known format version')
  const session = parseSession(value)
  return session === undefined
    ? damaged('it lacks a field, or has one of the wrong type')
    : { kind: 'session', session }
}

function parseSession(value: Record<string, unknown>): Session | undefined {
  const identity = parseIdentity(value.identity)
  const { token, expiresAt, refreshAt, obtainedAt } = value
  if (identity === undefined || typeof token !== 'string' || token === '') return undefined
  if (!isInstant(expiresAt) || !isInstant(refreshAt) || !isInstant(obtainedAt)) return undefined
  return {
    identity,
    token,
    expiresAt,
    refreshAt,
    obtainedAt,
    idToken: optionalText(value.idToken),
    refreshToken: optionalText(value.refreshToken),
    subject: optionalText(value.subject),
    username: optionalText(value.username),
    proof: optionalText(value.proof),
    certificateAuthorities: isTextList(value.certificateAuthorities)
      ? value.certificateAuthorities
      : undefined,
    toldAboutMissingRefreshToken: value.toldAboutMissingRefreshToken === true ? true : undefined,
  }
}

function parseIdentity(value: unknown): SessionIdentity | undefined {
  if (!isObject(value) || !isObject(value.extraParameters)) return undefined
  const { issuer, clientId, scopes, tokenKind } = value
  if (typeof issuer !== 'string' || typeof clientId !== 'string') return undefined
  if (!isTextList(scopes) || !isTokenKind(tokenKind)) return undefined
  const extraParameters: Record<string, string> = {}
  for (const [name, parameter] of Object.entries(value.extraParameters)) {
    if (typeof parameter !== 'string') return undefined
    extraParameters[name] = parameter
  }
  const username = optionalText(value.username)
  const grant = optionalText(value.grant)
  const profile = optionalText(value.profile)
  return {
    issuer,
    clientId,
    scopes,
    tokenKind,
    extraParameters,
    username,
    grant,
    profile,
    audiences: isTextList(value.audiences) ? value.audiences : undefined,
    resources: isTextList(value.resources) ? value.resources : undefined,
    requestedTokenType: optionalText(value.requestedTokenType),
  }
}

function damaged(reason: string): ParsedEnvelope {
  return { kind: 'damaged', reason }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** 9999-12-31T23:59:59Z: RFC 3339, in which kubectl is told when to ask again, ends with that year. */
const lastInstant = 253_402_300_799_000

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= lastInstant
}

function isTokenKind(value: unknown): value is TokenKind {
  return value === 'id_token' || value === 'access_token'
}

function isTextList(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false
  for (const item of value) if (typeof item !== 'string') return false
  return true
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
