import type { UserInfo } from './user-info.ts'

/** What a verified ID token says of its bearer. */
export interface Identity {
  /** The provider that vouches for it, exactly as configured. */
  readonly issuer: string
  readonly user: UserInfo
  /** The claim `jti`, for the audit log. */
  readonly tokenId: string | undefined
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
}
