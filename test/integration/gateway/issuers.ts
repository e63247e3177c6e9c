import { onTestFinished } from 'vitest'
import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type Verdict,
} from '../../../src/gateway/authentication/index.ts'
import type { JwtAuthenticator, TokenSettings } from '../../../src/gateway/config/index.ts'
import { tokenSettings } from '../../../src/gateway/testing/samples.ts'
import { createAuthority } from '../../world/certificates.ts'
import { type TestSystem, testSystem } from '../../world/system.ts'
import {
  newSigningKey,
  type SigningKey,
  signToken,
  startTokenIssuer,
  type TokenIssuer,
} from '../../world/token-issuer.ts'

const authority = await createAuthority()

/** Making an RSA key takes long, and no test changes one. */
const keys = new Map<string, SigningKey>()

function keyFor(algorithm: string): SigningKey {
  const key = keys.get(algorithm) ?? newSigningKey(algorithm, 'first')
  keys.set(algorithm, key)
  return key
}

/** An issuer and an authenticator that trusts it, with the clock in the hands of the test. */
export interface IssuerWorld {
  readonly issuer: TokenIssuer
  readonly key: SigningKey
  readonly authenticator: Authenticator
  readonly options: AuthenticatorOptions
  readonly clock: TestSystem
  /** What was told of every attempt to load keys: the failure, or `loaded`. */
  readonly loads: readonly string[]
  /** Signs a token that is right but for what the test changes. */
  token(
    claims?: Readonly<Record<string, unknown>>,
    more?: {
      readonly key?: SigningKey
      readonly header?: Readonly<Record<string, unknown>> | string
    },
  ): string
  /** Who bears a token: the username, or the reason of the refusal. */
  whoIs(token: string): Promise<string>
}

/** What a test changes. */
export interface IssuerWorldOptions {
  readonly algorithm?: string
  readonly settings?: Partial<TokenSettings>
  readonly authenticator?: Partial<JwtAuthenticator>
  readonly serviceAccountIssuers?: readonly string[]
  /** Called before the authenticator begins to load keys. */
  readonly prepare?: (issuer: TokenIssuer) => void
}

/** Starts an issuer, publishes its key, and makes an authenticator for it. */
export async function startIssuerWorld(given: IssuerWorldOptions = {}): Promise<IssuerWorld> {
  const issuer = await startTokenIssuer(authority)
  onTestFinished(issuer.stop)
  const key = keyFor(given.algorithm ?? 'ES256')
  issuer.publish(key.jwk)
  given.prepare?.(issuer)
  const clock = testSystem()
  const loads: string[] = []
  const options: AuthenticatorOptions = {
    configuration: { jwt: [{ ...jwtAuthenticator(issuer.url), ...given.authenticator }] },
    settings: tokenSettings(given.settings),
    serviceAccountIssuers: given.serviceAccountIssuers ?? [],
    system: clock.system,
    observe: (_, failure) => loads.push(failure ?? 'loaded'),
  }
  const authenticator = createAuthenticator(options)
  onTestFinished(() => authenticator.close())
  return {
    issuer,
    key,
    authenticator,
    options,
    clock,
    loads,
    token(claims = {}, more = {}) {
      const now = clock.system.clock.now() / 1000
      const usual = { iss: issuer.url, aud: 'kubernetes', sub: 'john', iat: now, exp: now + 600 }
      return signToken(more.key ?? key, { ...usual, ...claims }, more.header)
    },
    whoIs: async (token) => outcomeOf(await authenticator.authenticate(token)),
  }
}

/** The configuration of a provider: `sub` is the username. */
export function jwtAuthenticator(url: string): JwtAuthenticator {
  return {
    issuer: {
      url,
      discoveryURL: undefined,
      certificateAuthority: authority.certPem,
      audiences: ['kubernetes'],
    },
    claimValidationRules: [],
    claimMappings: {
      username: { kind: 'claim', claim: 'sub', prefix: '' },
      groups: { kind: 'claim', claim: 'groups', prefix: '' },
      uid: undefined,
      extra: [],
    },
    userValidationRules: [],
  }
}

/** The username, `service-account`, or the reason of a refusal with its status. */
export function outcomeOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'authenticated':
      return verdict.identity.user.username
    case 'service-account':
      return 'service-account'
    case 'refused':
      return `${verdict.status} ${verdict.reason}`
  }
}
