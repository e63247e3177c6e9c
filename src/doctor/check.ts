import type { OidcLoginError } from '../errors.ts'
import { type Check as CheckOf, type Finding, skipped, type Verdict } from '../findings/index.ts'
import type { ClusterEntry } from '../kubeconfig/index.ts'
import type { Provider, ProviderSettings } from '../provider/index.ts'
import type { SessionKey, SessionStore } from '../session/index.ts'
import type { System } from '../system/index.ts'
import type { KubeconfigFacts } from './kubeconfig-facts.ts'

/** One thing that can be wrong with a sign-in. */
export type Check = CheckOf<DoctorContext>

export type { Finding, Verdict }
export { skipped }

/** What is known of the provider. */
export type Discovery =
  | { readonly kind: 'found'; readonly provider: Provider }
  | { readonly kind: 'failed'; readonly error: OidcLoginError }

/** What the checks look at. */
export interface DoctorContext {
  readonly system: System
  /** How the provider is reached; undefined when no issuer or no client was named. */
  readonly provider: ProviderSettings | undefined
  /** What the kubeconfig says of the context that is examined. */
  readonly kubeconfig: KubeconfigFacts
  /** The cluster that gets the token; undefined when none is known. */
  readonly cluster: ClusterEntry | undefined
  /** Scopes beside `openid`, and extra parameters of the authorization request. */
  readonly extraScopes: readonly string[]
  readonly extraParameters: Readonly<Record<string, string>>
  /** Values of `--listen-address` and `--oidc-redirect-url`, and whether the callback speaks https. */
  readonly listenAddresses: readonly string[]
  readonly redirectUrl: string | undefined
  readonly isListenerSecure: boolean
  readonly browserCommand: string | undefined
  readonly skipOpenBrowser: boolean
  /** The value of `--token-cache-storage`. */
  readonly storage: string
  /** Where sessions are kept, and under which key; no key without a provider. */
  readonly store: SessionStore
  readonly key: SessionKey | undefined
  /** The sessions of that folder, in whichever storage they were written. */
  readonly everyStore: SessionStore
  /** Reads the discovery document, once for all checks. */
  discover(settings: ProviderSettings): Promise<Discovery>
}

/** The finding of every check that needs a provider when none was named. */
export const noProvider: Finding = skipped(
  'No provider is known: no context of the kubeconfig names one, and --oidc-issuer-url and --oidc-client-id are not given.',
)
