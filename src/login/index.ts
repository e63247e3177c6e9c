export { type RedirectUri, redirectUrisFor } from './callback/index.ts'
export { type Obtained, obtainSession } from './obtain-session.ts'
export {
  type GrantType,
  grantTypes,
  type ObtainSettings,
  type PresentedTokens,
  type SignInSettings,
} from './settings.ts'
