import type { Authority } from '../../world/certificates.ts'
import {
  base64url,
  newSigningKey,
  type SigningKey,
  startTokenIssuer,
  type TokenIssuer,
} from '../../world/token-issuer.ts'
import { refusedVariants, type Variant, variants } from './variants.ts'

/** One server that is as many issuers as there are variants. */
export interface Issuers {
  readonly server: TokenIssuer
  /** What the issuers publish. */
  readonly keys: Readonly<Record<KeyName, SigningKey>>
  /** `jwt` of the AuthenticationConfiguration, for both judges and for kube-apiserver alone. */
  readonly jwt: readonly unknown[]
  readonly refusedJwt: readonly unknown[]
  urlOf(variant: Variant): string
}

const algorithms = {
  es: 'ES256',
  es384: 'ES384',
  es512: 'ES512',
  rs: 'RS256',
  ps: 'PS256',
  any: 'RS256',
  encryption: 'ES256',
  twin: 'ES256',
  otherTwin: 'ES256',
  unpublished: 'ES256',
} as const

/** Names a key of the issuers. */
export type KeyName = keyof typeof algorithms

/** Starts them on a free port of 127.0.0.1. */
export async function startIssuers(authority: Authority): Promise<Issuers> {
  const server = await startTokenIssuer(authority)
  const keys = Object.fromEntries(
    Object.entries(algorithms).map(([name, algorithm]) => [name, newSigningKey(algorithm, name)]),
  ) as Record<KeyName, SigningKey>
  publish(server, keys)
  const urlOf = ({ name, url }: Variant): string => url ?? `${server.url}/${name}`
  for (const variant of [...variants, ...refusedVariants]) {
    const document = { issuer: urlOf(variant), jwks_uri: `${server.url}/keys` }
    server.answer(`/${variant.name}/.well-known/openid-configuration`, {
      body: JSON.stringify(document),
    })
  }
  const entryOf = (variant: Variant): unknown => ({
    issuer: {
      url: urlOf(variant),
      ...(variant.url === undefined
        ? {}
        : { discoveryURL: `${server.url}/${variant.name}/.well-known/openid-configuration` }),
      audiences: variant.audiences ?? ['kubernetes'],
      ...(variant.audiences === undefined ? {} : { audienceMatchPolicy: 'MatchAny' }),
      certificateAuthority: authority.certPem,
    },
    claimMappings: variant.claimMappings,
    claimValidationRules: variant.claimValidationRules ?? [],
    userValidationRules: variant.userValidationRules ?? [],
  })
  return {
    server,
    keys,
    jwt: variants.map(entryOf),
    refusedJwt: refusedVariants.map(entryOf),
    urlOf,
  }
}

function publish(server: TokenIssuer, keys: Readonly<Record<KeyName, SigningKey>>): void {
  const { any, encryption, twin, otherTwin, unpublished: _, ...others } = keys
  const { alg: __, ...withoutAlgorithm } = any.jwk
  server.publish(
    ...Object.values(others).map(({ jwk }) => jwk),
    withoutAlgorithm,
    { ...encryption.jwk, use: 'enc' },
    twin.jwk,
    { ...otherTwin.jwk, kid: twin.keyId },
  )
}

export { base64url }
