import type { PkceMethod, ProviderSettings } from '../provider/index.ts'
import type { Session, SessionIdentity } from '../session/index.ts'

/** Names of the grants, as `--grant-type` takes them. */
export const grantTypes = [
  'auto',
  'authcode',
  'authcode-keyboard',
  'device-code',
  'password',
  'client-credentials',
  'jwt-bearer',
  'token-exchange',
] as const

/** One of {@link grantTypes}. */
export type GrantType = (typeof grantTypes)[number]

const machineGrants: ReadonlySet<GrantType> = new Set<GrantType>([
  'client-credentials',
  'jwt-bearer',
  'token-exchange',
])

/** Whether nobody is bothered by a sign-in, so that repeating it costs nothing. */
export function isUnattended({ grantType }: Pick<SignInSettings, 'grantType'>): boolean {
  return machineGrants.has(grantType)
}

/** Tokens that are presented in the place of a person (RFC 7523 §2.1, RFC 8693 §2.1). */
export interface PresentedTokens {
  /** Parameters of the token request; they hold secrets. */
  readonly parameters: Readonly<Record<string, string>>
  /** Tells them from others without giving them away (SHA-256). */
  readonly digest: string
}

/** How a user signs in. */
export interface SignInSettings {
  /** What the session is stored under. */
  readonly identity: SessionIdentity
  /** The provider and our place there. */
  readonly provider: ProviderSettings
  /** Which grant is used. */
  readonly grantType: GrantType
  /** Scopes beside `openid`, in the order in which they are sent. */
  readonly extraScopes: readonly string[]
  /** Whether PKCE is used. */
  readonly pkceMethod: PkceMethod
  /** Redirect URI that is registered, when it is not `http://localhost:PORT`. */
  readonly redirectUrl?: string | undefined
  /** Where the callback listener listens: the first address that is free. */
  readonly listenAddresses: readonly string[]
  /** Certificate and key of the callback listener, which then speaks https. */
  readonly listenerTls?: { readonly certPem: string; readonly keyPem: string } | undefined
  /** Whether the URL is only printed. */
  readonly skipOpenBrowser: boolean
  /** Program that is run with the URL in the place of the default browser. */
  readonly browserCommand?: string | undefined
  /** How long the user has to sign in. */
  readonly authenticationTimeoutMs: number
  /** Where the browser goes after a successful sign-in, in the place of our own page. */
  readonly openUrlAfterAuthentication?: string | undefined
  /** The API server that the sign-in is for, when kubectl tells it: only shown. */
  readonly cluster?: string | undefined
  /** Whether the authorization request is pushed (RFC 9126), whatever the provider demands. */
  readonly pushAuthorizationRequest: boolean
  /** User name for the password grant. */
  readonly username?: string | undefined
  /** Parameters of this sign-in alone, beside those of the identity; they win. */
  readonly oneTimeParameters?: Readonly<Record<string, string>> | undefined
  /** Password for the password grant. */
  readonly password?: string | undefined
  /** What the grants `jwt-bearer` and `token-exchange` present. */
  readonly presented?: PresentedTokens | undefined
  /** Whether stdin is a terminal that we may read. */
  readonly mayReadTerminal: boolean
  /** Whether the person at the terminal may be asked, whatever stdin is. */
  readonly mayAsk: boolean
}

/** How a session is obtained: from the store, by a refresh, or by signing in. */
export interface ObtainSettings {
  /** How a user signs in when nothing else helps. */
  readonly signIn: SignInSettings
  /** `cached` takes what is fresh, `refresh` never does, `sign-in` does not even refresh. */
  readonly from: 'cached' | 'refresh' | 'sign-in'
  /** How long to wait for another process that is signing in. */
  readonly lockTimeoutMs: number
  /** How long a failed sign-in keeps programs from repeating it; 0 for no limit. */
  readonly coolDownMs: number
  /** Whether a person at a terminal waits for the result. */
  readonly isInteractive: boolean
  /** The process that called the plugin for a credential; undefined when a person did by hand. */
  readonly callerPid?: number | undefined
  /**
   * Called when a new sign-in has succeeded, before its session is kept and the browser is told. When it throws, both happen all the
   * same. A refreshed session is kept first: the refresh token of the one before may be spent.
   */
  readonly onSignedIn?: ((session: Session) => void) | undefined
}
