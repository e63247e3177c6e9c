import type { OidcLoginError } from '../errors.ts'
import type { ChosenContext, Kubeconfig } from '../kubeconfig/index.ts'

/** What the kubeconfig says of the context that is examined. */
export type KubeconfigFacts =
  | { readonly kind: 'unreadable'; readonly error: OidcLoginError }
  /** There is no such file. */
  | { readonly kind: 'missing'; readonly path: string }
  | {
      readonly kind: 'read'
      /** The files, for people. */
      readonly path: string
      readonly kubeconfig: Kubeconfig
      readonly chosen: ChosenContext
      /** How the user of the context calls this plugin. */
      readonly call: PluginCall
    }

/** Whether, and how, a user of the kubeconfig calls this plugin. */
export type PluginCall =
  /** He signs in by other means, or by none that is known. */
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly error: OidcLoginError }
  | {
      readonly kind: 'accepted'
      readonly issuer: string
      readonly clientId: string
      /** Whether a sign-in needs a person who types, so that stdin must be theirs. */
      readonly needsTyping: boolean
    }
