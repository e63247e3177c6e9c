/** What a token says, by the names of its claims. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * Reads the claims of a JWT, unverified.
 *
 * @returns undefined for an opaque token
 */
export function claimsIn(token: string): Claims | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    const claims: unknown = JSON.parse(payload)
    return isMapping(claims) ? claims : undefined
  } catch {
    return undefined
  }
}

/**
 * Claims as indented JSON that is fit for a terminal: what could move the cursor or hide is escaped,
 * and a token inside a claim is not shown.
 */
export function showClaims(claims: Claims): string {
  const json = JSON.stringify(
    claims,
    (_, value: unknown) =>
      typeof value === 'string' && jwt.test(value) ? '(a token, not shown)' : value,
    2,
  )
  return json.replaceAll(invisible, (character) =>
    character === '\n' ? character : escapeSequences(character),
  )
}

const jwt = /^eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)+$/
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu

function escapeSequences(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

function isMapping(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
