import type { IdentityMapping } from '../claims/index.ts'
import type { Issuer, TokenSettings } from '../config/index.ts'
import type { Identity } from '../identity/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { CompactJws } from './compact-jws.ts'
import type { KeySource } from './key-source.ts'
import { isSignedByOneOf } from './signature.ts'
import { expiryOf, faultOfToken } from './token-rules.ts'

/** One provider: its rules and its keys. */
export interface Provider {
  readonly keys: KeySource
  /**
   * Verifies a token that claims to come from the provider.
   *
   * @param raw the token
   * @param token the same, taken apart
   * @param now milliseconds since the epoch
   */
  verify(raw: string, token: CompactJws, now: number): Promise<VerifiedToken | Refusal>
}

/** A token that is believed. */
export interface VerifiedToken {
  readonly kind: 'verified'
  readonly identity: Identity
  /** Whether the keys that verified it are still in force. */
  readonly isCurrent: () => boolean
}

/** Makes a provider from its configuration. */
export function createProvider(
  { url, audiences }: Issuer,
  settings: TokenSettings,
  parts: { readonly mapping: IdentityMapping; readonly keys: KeySource },
): Provider {
  const { mapping, keys } = parts
  return {
    keys,
    async verify(raw, token, now) {
      if (!settings.signingAlgorithms.includes(token.algorithm)) {
        return refuse(
          401,
          'token_signature_invalid',
          'The token is signed with an algorithm that is not accepted.',
        )
      }
      const fault = faultOfToken(token, { audiences, settings, now })
      if (fault) return fault
      const signature = await checkSignature(raw, token, keys)
      if (signature.kind === 'refused') return signature
      const isCurrent = (): boolean => keys.version() === signature.keysVersion
      return identityOf(token, url, { mapping, isCurrent })
    },
  }
}

/** The signature is right, by keys of this version. */
interface Signed {
  readonly kind: 'signed'
  readonly keysVersion: number
}

const wrong: Refusal = refuse(
  401,
  'token_signature_invalid',
  'The signature of the token is wrong.',
)

async function checkSignature(
  raw: string,
  token: CompactJws,
  source: KeySource,
): Promise<Signed | Refusal> {
  const outcome = await tryKeys(raw, token, source)
  // For a key that is unknown, the source has asked already, or knows that asking is of no use.
  return outcome === wrong && (await source.reload()) ? await tryKeys(raw, token, source) : outcome
}

async function tryKeys(
  raw: string,
  token: CompactJws,
  source: KeySource,
): Promise<Signed | Refusal> {
  const found = await source.find(token)
  const keysVersion = source.version()
  switch (found.kind) {
    case 'unavailable':
      return refuse(
        503,
        'keys_unavailable',
        'The keys of the provider cannot be loaded at the moment. Try again later.',
      )
    case 'unknown':
      return refuse(
        401,
        'token_signature_invalid',
        'The token is signed with a key that its provider does not publish.',
      )
    case 'keys': {
      const isSigned = await isSignedByOneOf(raw, token.algorithm, found.keys)
      return isSigned ? { kind: 'signed', keysVersion } : wrong
    }
  }
}

function identityOf(
  { claims }: CompactJws,
  issuer: string,
  {
    mapping,
    isCurrent,
  }: { readonly mapping: IdentityMapping; readonly isCurrent: VerifiedToken['isCurrent'] },
): VerifiedToken | Refusal {
  const mapped = mapping(claims)
  if (mapped.kind === 'refused') return refuse(401, mapped.reason, mapped.message)
  const tokenId = claims.get('jti')
  return {
    kind: 'verified',
    isCurrent,
    identity: {
      issuer,
      user: mapped.user,
      tokenId: typeof tokenId === 'string' ? tokenId : undefined,
      expiresAt: expiryOf(claims) ?? 0,
    },
  }
}
