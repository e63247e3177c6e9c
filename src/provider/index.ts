export {
  type AuthorizationRequest,
  type AuthorizationSettings,
  newState,
  type PkceMethod,
  redeemAuthorization,
  requestedScopes,
  startAuthorization,
} from './authorization.ts'
export { type ClientKey, parseClientKey } from './client-key.ts'
export {
  type DeviceAuthorization,
  type DevicePoll,
  type DeviceSettings,
  offersDeviceAuthorization,
  pollDeviceAuthorization,
  startDeviceAuthorization,
} from './device.ts'
export { discoverProvider, type Provider, type ProviderSystem } from './discover.ts'
export { endSessionUrl, revokeRefreshToken } from './end-session.ts'
export { endpointNames, type GivenEndpoints } from './endpoints.ts'
export { isLoopback, parseIssuer } from './issuer.ts'
export { fetchKeysAhead } from './keys.ts'
export { type PasswordCredentials, tokensForPassword } from './password.ts'
export { type RefreshOutcome, refreshTokens } from './refresh.ts'
export { rehearseRedemption } from './rehearse.ts'
export { connectToProvider, providerFetch } from './request.ts'
export { type ClientAuthMethod, clientAuthMethods, type ProviderSettings } from './settings.ts'
export { requestForm, type TokenTargets } from './targets.ts'
export { exchangeToken } from './token-exchange.ts'
export { requestTokens } from './token-request.ts'
export type { IdToken, TokenSet } from './tokens.ts'
