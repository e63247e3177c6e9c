export {
  type AuthorizationRequest,
  type AuthorizationSettings,
  newState,
  type PkceMethod,
  redeemAuthorization,
  requestedScopes,
  startAuthorization,
} from './authorization.ts'
export { discoverProvider, type Provider, type ProviderSystem } from './discover.ts'
export { endSessionUrl, revokeRefreshToken } from './end-session.ts'
export { isLoopback, parseIssuer } from './issuer.ts'
export { type RefreshOutcome, refreshTokens } from './refresh.ts'
export { providerFetch } from './request.ts'
export type { ProviderSettings } from './settings.ts'
export type { IdToken, TokenSet } from './tokens.ts'
