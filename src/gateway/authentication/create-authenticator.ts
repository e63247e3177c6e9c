import { compileMapping } from '../claims/index.ts'
import type { Issuer, TokenSettings } from '../config/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { Authenticator, AuthenticatorOptions, Verdict } from './authenticator.ts'
import { parseCompactJws } from './compact-jws.ts'
import { providerDocuments } from './discovery.ts'
import { createKeyLoader } from './key-loader.ts'
import { createKeySource, type KeySource } from './key-source.ts'
import { createProvider, type Provider, type VerifiedToken } from './provider.ts'
import { createTokenCache } from './token-cache.ts'

/**
 * Makes an authenticator. It begins to load the keys of all providers at once; tokens that come
 * meanwhile wait for them.
 *
 * @throws OidcLoginError `configuration_invalid` for an expression that does not compile
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  return withSources(options, new Map())
}

/** Keys by what makes two providers the same, and how many authenticators use them. */
type Sources = ReadonlyMap<string, SharedSource>

interface SharedSource {
  readonly keys: KeySource
  holders: number
}

function withSources(options: AuthenticatorOptions, inherited: Sources): Authenticator {
  const { configuration, settings, system } = options
  // All that can fail comes first: until then nobody has been asked for keys.
  const mappings = configuration.jwt.map(compileMapping)
  const sources = new Map<string, SharedSource>()
  const providers = new Map<string, Provider>()
  for (const [index, { issuer }] of configuration.jwt.entries()) {
    const mapping = mappings[index]
    if (!mapping) continue
    const id = idOf(issuer)
    const source = inherited.get(id) ?? { keys: newKeySource(issuer, options), holders: 0 }
    source.holders += 1
    sources.set(id, source)
    providers.set(issuer.url, createProvider(issuer, settings, { mapping, keys: source.keys }))
  }
  const verify = verifier(providers, options)
  const cache = createTokenCache(settings, system.clock)
  const running = new Map<string, Promise<Verdict>>()

  /** Many requests with one token are one verification. */
  async function verifyOnce(key: string, token: string): Promise<Verdict> {
    const started = running.get(key)
    if (started) return await started
    const verification = verify(token, (verified) => cache.set(key, verified))
    running.set(key, verification)
    try {
      return await verification
    } finally {
      running.delete(key)
    }
  }

  return {
    authenticate(token) {
      if (token.length > settings.maxTokenBytes) return tooLarge
      const key = cache.keyOf(token)
      const identity = cache.get(key)
      if (identity) return { kind: 'authenticated', identity }
      return verifyOnce(key, token)
    },
    issuers: () => [...providers.values()].map(({ keys }) => keys.state()),
    reconfigured: (next) => withSources(next, sources),
    close() {
      for (const source of sources.values()) {
        source.holders -= 1
        if (source.holders === 0) source.keys.close()
      }
      sources.clear()
    },
  }
}

function verifier(
  providers: ReadonlyMap<string, Provider>,
  { settings, serviceAccountIssuers, system }: AuthenticatorOptions,
): (token: string, remember: (verified: VerifiedToken) => void) => Promise<Verdict> {
  const accountIssuers = issuersOfAccounts(settings, serviceAccountIssuers)
  return async (raw, remember) => {
    const token = parseCompactJws(raw)
    if (!token) return malformed
    // Nothing of the token is believed yet: its issuer only chooses who is to verify it (rule C8).
    const issuer = token.claims.get('iss')
    if (typeof issuer !== 'string') return unknownIssuer
    const provider = providers.get(issuer)
    if (!provider) return accountIssuers.has(issuer) ? { kind: 'service-account' } : unknownIssuer
    const outcome = await provider.verify(raw, token, system.clock.now())
    if (outcome.kind === 'refused') return outcome
    remember(outcome)
    return { kind: 'authenticated', identity: outcome.identity }
  }
}

function issuersOfAccounts(
  settings: TokenSettings,
  discovered: readonly string[],
): ReadonlySet<string> {
  const isOn = settings.serviceAccounts === 'passthrough'
  return new Set(isOn ? [...settings.serviceAccountIssuers, ...discovered] : [])
}

function newKeySource(issuer: Issuer, { system, observe }: AuthenticatorOptions): KeySource {
  const load = createKeyLoader(providerDocuments(issuer, system.http), system.clock)
  return createKeySource(issuer.url, load, {
    clock: system.clock,
    observe: observe ?? (() => undefined),
  })
}

function idOf({ url, discoveryURL, certificateAuthority }: Issuer): string {
  return JSON.stringify([url, discoveryURL, certificateAuthority])
}

const tooLarge: Refusal = refuse(431, 'token_too_large', 'The token is too large.')
const malformed: Refusal = refuse(401, 'token_malformed', 'The token is not a well-formed JWT.')
const unknownIssuer: Refusal = refuse(
  401,
  'token_issuer_unknown',
  'The token comes from a provider that the gateway does not know.',
)
