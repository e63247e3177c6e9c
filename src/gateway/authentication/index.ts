export type {
  Authenticator,
  AuthenticatorOptions,
  IssuerState,
  KeyLoadObserver,
  Verdict,
} from './authenticator.ts'
export { createAuthenticator } from './create-authenticator.ts'
export { discoveryUrlOf, providerDocuments } from './discovery.ts'
export { type StricterRule, stricterThanKubeApiserver } from './stricter.ts'
export { readTokenReview, type TokenReviewOutcome } from './token-review.ts'
