export { type Obtained, obtainSession } from './obtain-session.ts'
export {
  type GrantType,
  grantTypes,
  type ObtainSettings,
  type SignInSettings,
} from './settings.ts'
