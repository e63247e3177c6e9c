import type { Installation } from '../manifests/index.ts'
import type { ImpersonationMode } from '../rights/index.ts'

/** What an operator has decided about an installation. */
export interface InitSettings {
  /** What is installed; its mode is what is assumed until the API server has been asked. */
  readonly installation: Installation
  /** Undefined when the API server is to be asked. */
  readonly mode: ImpersonationMode | undefined
  readonly serving: ServingChoice
  readonly certificate: CertificateSettings
  /** Absolute path of a folder for the credential of a gateway that runs elsewhere. */
  readonly credentialFolder: string | undefined
  /** Whether fields and objects of others are taken over. */
  readonly force: boolean
  /** How long to wait for each thing that somebody else does, in milliseconds. */
  readonly timeoutMs: number
  /** Whether it is done, and not only told. */
  readonly isApplied: boolean
}

/** Where the certificate comes from that clients see. */
export type ServingChoice =
  /** Absolute paths of PEM files, which are put into the Secret. */
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  /** The Secret that somebody else looks after, or that was put there before. */
  | { readonly kind: 'secret' }

/** How the client certificate of the gateway comes into being. */
export interface CertificateSettings {
  /** How long it is to last, in milliseconds. */
  readonly validityMs: number
  /** Whether the operator approves the request himself; else somebody else has to. */
  readonly approves: boolean
}
