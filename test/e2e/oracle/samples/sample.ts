import { base64url, type SigningKey, signatureOf } from '../../../world/token-issuer.ts'
import type { Issuers } from '../issuer.ts'
import { refusedVariants, type Variant, variants } from '../variants.ts'

/** A token that both judges are shown. */
export interface Sample {
  /** What is odd about it. */
  readonly name: string
  readonly variant: Variant
  /** JSON, as it was signed. */
  readonly header: string
  readonly claims: string
  readonly token: string
}

/** How a sample differs from an honest token. */
export interface Oddity {
  readonly key?: SigningKey
  /** Fields that are added to the header, or its text. */
  readonly header?: Readonly<Record<string, unknown>> | string
  /** What becomes of the signed token. */
  readonly damage?: (token: string) => string
}

/** Claims to be added to those of an honest token, or the text of all. */
export type Claims = Readonly<Record<string, unknown>> | string

/** Makes samples of one test issuer. */
export interface Press {
  readonly issuers: Issuers
  /** Seconds since the epoch. */
  readonly now: number
  /** The claims of an honest token of a variant. */
  honest(variant: string): Readonly<Record<string, unknown>>
  /** Signs a token. A claim that is undefined is left out. */
  sample(name: string, variant: string, claims?: Claims, oddity?: Oddity): Sample
}

/** Makes a press. */
export function createPress(issuers: Issuers, now: number): Press {
  const press: Press = {
    issuers,
    now,
    honest(name) {
      const variant = variantOf(name)
      return {
        iss: issuers.urlOf(variant),
        aud: variant.audiences?.[0] ?? 'kubernetes',
        iat: now,
        exp: now + 3000,
        sub: 'john',
        email: 'john@a.example',
        email_verified: true,
        groups: ['dev', 'ops'],
        n: 7,
        b: true,
        nul: null,
        hd: 'a.example',
        uid: 'u-1',
        jti: '1',
        obj: { roles: ['admin', 'b'], 'a.b': 'dotted' },
        'https://a.example/name': 'url',
      }
    },
    sample(name, variant, claims = {}, { key = issuers.keys.es, header = {}, damage } = {}) {
      const claimsText =
        typeof claims === 'string'
          ? claims
          : JSON.stringify({ ...press.honest(variant), ...claims })
      const headerText =
        typeof header === 'string'
          ? header
          : JSON.stringify({ alg: key.algorithm, kid: key.keyId, ...header })
      const input = `${base64url(headerText)}.${base64url(claimsText)}`
      const token = `${input}.${signatureOf(key, input)}`
      return {
        name,
        variant: variantOf(variant),
        header: headerText,
        claims: claimsText,
        token: damage ? damage(token) : token,
      }
    },
  }
  return press
}

/** The variant of a name. */
export function variantOf(name: string): Variant {
  const variant = [...variants, ...refusedVariants].find((candidate) => candidate.name === name)
  if (!variant) throw new Error(`there is no variant ${name}`)
  return variant
}

/** The text of an honest token's claims with a piece of JSON before its end. */
export function withText(press: Press, variant: string, members: string): string {
  return `${JSON.stringify(press.honest(variant)).slice(0, -1)},${members}}`
}
