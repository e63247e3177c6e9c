export {
  type ApiServerTrust,
  authenticationConfiguration,
  oidcFlags,
} from './authentication-configuration.ts'
export { type Claims, claimsIn, showClaims } from './claims.ts'
export { distributionNotes } from './distributions.ts'
export { execChange } from './exec-entry.ts'
export {
  type ApiUser,
  apiUserOf,
  groupsIn,
  type IdentityMapping,
  type PrefixedClaim,
} from './identity-mapping.ts'
export { type ExecCall, pluginCall } from './plugin-call.ts'
export { rbacFor } from './rbac.ts'
export { csvField, setCredentialsCommand, shellWord } from './set-credentials.ts'
