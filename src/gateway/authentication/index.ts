export type {
  Authenticator,
  AuthenticatorOptions,
  IssuerState,
  KeyLoadObserver,
  Verdict,
} from './authenticator.ts'
export { countKeys } from './count-keys.ts'
export { createAuthenticator } from './create-authenticator.ts'
export { discoveryUrlOf } from './discovery-url.ts'
export { type StricterRule, stricterThanKubeApiserver } from './stricter.ts'
export { readTokenReview, type TokenReviewOutcome } from './token-review.ts'
