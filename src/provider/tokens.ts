/** Tokens that the provider issued, already verified. Instants are milliseconds since the epoch. */
export interface TokenSet {
  /** The ID token and what it says, when there is one. */
  readonly idToken?: IdToken | undefined
  /** The access token. */
  readonly accessToken: string
  /** When the access token ends, when the provider says. */
  readonly accessTokenExpiresAt?: number | undefined
  /** The refresh token, when one was issued. */
  readonly refreshToken?: string | undefined
}

/** A verified ID token (OpenID Connect Core §2). */
export interface IdToken {
  /** The token as it was issued. */
  readonly raw: string
  /** Its `sub` claim. */
  readonly subject: string
  /** A name for people: `preferred_username`, `email` or `name`. */
  readonly username?: string | undefined
  /** Its `exp` claim. */
  readonly expiresAt: number
  /** Its `iat` claim. */
  readonly issuedAt: number
}
