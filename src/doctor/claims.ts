import { printable } from '../printable.ts'

/** What a token says, by the names of its claims. */
export type Claims = Readonly<Record<string, unknown>>

/** The claims of a JWT, unverified; undefined for an opaque token. */
export function claimsOf(token: string): Claims | undefined {
  return partOf(token, 1)
}

/** The algorithm of a JWT's signature; undefined for an opaque token. */
export function algorithmOf(token: string): string | undefined {
  const algorithm = partOf(token, 0)?.alg
  return typeof algorithm === 'string' ? algorithm : undefined
}

/** A claim's value, fit for a terminal. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ')
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** The audiences of a token: one text, or a list of them (RFC 7519 §4.1.3). */
export function audiencesIn({ aud }: Claims): string[] {
  return (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string')
}

function partOf(token: string, index: number): Claims | undefined {
  try {
    const text = Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')
    const claims: unknown = JSON.parse(text)
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined
  }
}
