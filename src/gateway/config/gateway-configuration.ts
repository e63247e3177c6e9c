import type { ImpersonationPolicy } from '../impersonation/index.ts'
import type { RemarkId } from './remark.ts'

/** Our own settings after decoding and defaults: `oidc-gateway/v1alpha1, GatewayConfiguration`. */
export interface GatewayConfiguration {
  readonly listen: ListenSettings
  readonly upstream: UpstreamSettings
  readonly tokens: TokenSettings
  readonly impersonation: ImpersonationPolicy
  readonly limits: Limits
  readonly streams: StreamSettings
  readonly audit: AuditSettings
  readonly operations: OperationsSettings
  /** What `/.well-known/oidc-login` tells; undefined when nothing is to be told. */
  readonly onboarding: OnboardingSettings | undefined
  /** How many processes share the work; `auto` is one a core. */
  readonly workers: number | 'auto'
  /** Dangers of the configuration that its author knows and takes. */
  readonly acknowledge: readonly RemarkId[]
}

/** Where clients connect. */
export interface ListenSettings {
  readonly host: string
  readonly port: number
  readonly certFile: string
  readonly keyFile: string
  /** Host names that a request may carry; empty for any. */
  readonly serverNames: readonly string[]
  /** Networks (CIDR) of proxies whose `X-Forwarded-For` is believed; none by default. */
  readonly trustedProxies: readonly string[]
  /** Origins of web pages that may open WebSockets; none by default. */
  readonly allowedOrigins: readonly string[]
  /**
   * Which of `/healthz`, `/livez`, `/readyz` and `/version` are forwarded without any credential: what
   * the API server tells to everybody (KEP-4633). None by default.
   */
  readonly openPaths: readonly string[]
}

/** The API server: named by its files, or by a context of a kubeconfig, as on a workstation. */
export type UpstreamSettings = UpstreamFiles | UpstreamContext

/** Where the API server is and what reaches it. */
export interface UpstreamFiles {
  readonly kind: 'files'
  /** `https://host[:port]`, without a path. */
  readonly server: string
  /** PEM file; always required: the API server is never reached unverified. */
  readonly caFile: string
  /** The name in the API server's certificate, when it is not the host. */
  readonly serverName: string | undefined
  readonly credential: UpstreamCredentialFiles
}

/** A context whose cluster and user say it. */
export interface UpstreamContext {
  readonly kind: 'context'
  /** Path of the kubeconfig. */
  readonly kubeconfig: string
  /** By default the current one. */
  readonly context: string | undefined
}

/** What proves the gateway to the API server; files are read again when they change. */
export type UpstreamCredentialFiles =
  | { readonly kind: 'token'; readonly tokenFile: string }
  | {
      readonly kind: 'certificate'
      readonly certFile: string
      readonly keyFile: string
      /** Undefined when somebody else renews what the files hold. */
      readonly renewal: CertificateRenewal | undefined
    }

/** How the gateway renews its own client certificate. */
export interface CertificateRenewal {
  /** The Secret that the files come from. */
  readonly secret: { readonly namespace: string; readonly name: string }
  /**
   * Who approves. `self` takes the right to approve for the signer of all clients, which equals issuing
   * a certificate for any user.
   */
  readonly approval: 'external' | 'self'
  /** How long a certificate is to last. */
  readonly validityMs: number
}

/** Rules for tokens beside the AuthenticationConfiguration. All are stricter than kube-apiserver. */
export interface TokenSettings {
  /** `id_token` refuses access, logout and refresh tokens by `typ`; `any` does not look. */
  readonly tokenType: 'id_token' | 'any'
  readonly signingAlgorithms: readonly string[]
  /**
   * Values of `azp` that are accepted; empty for any. A token with several audiences must have an `azp`
   * in any case (rule C10).
   */
  readonly authorizedParties: readonly string[]
  readonly notBeforeLeewaySeconds: number
  readonly maxTokenBytes: number
  /** How long a verified token is remembered at most; never beyond its `exp`. */
  readonly cacheSeconds: number
  readonly cacheEntries: number
  /** Whether ServiceAccount tokens of the cluster pass unchanged. */
  readonly serviceAccounts: 'refuse' | 'passthrough'
  /**
   * Issuers of the cluster's ServiceAccount tokens. What the API server's discovery document names is
   * added to them; needed only where the gateway cannot read that.
   */
  readonly serviceAccountIssuers: readonly string[]
}

/** Bounds against exhaustion. Times in milliseconds, sizes in bytes. */
export interface Limits {
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  readonly maxHeaderBytes: number
  readonly maxHeaderCount: number
  readonly handshakeTimeoutMs: number
  readonly headersTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** How long the API server may take to begin its answer to a request that it ends in time itself. */
  readonly answerTimeoutMs: number
  readonly maxUpstreamConnections: number
  /** Failed authentications a second from one address before 429. */
  readonly maxFailuresPerSecond: number
}

/** What happens to a stream when the token that opened it expires. */
export interface StreamSettings {
  readonly watchOnExpiry: ExpiryAction
  readonly upgradeOnExpiry: ExpiryAction
}

/** `grace` closes after so many more seconds. */
export type ExpiryAction =
  | { readonly kind: 'ignore' }
  | { readonly kind: 'close' }
  | { readonly kind: 'grace'; readonly seconds: number }

/** Where audit lines go. */
export interface AuditSettings {
  readonly sink:
    | 'none'
    | 'stdout'
    | { readonly file: string; readonly maxBytes: number; readonly keep: number }
  /** Whether the query (`kubectl exec`'s command is in it) is part of a line. */
  readonly includeQuery: boolean
}

/** The port for probes and metrics: plain HTTP, never reachable through the public port. */
export interface OperationsSettings {
  readonly host: string
  readonly port: number
  /** How long running streams may go on after SIGTERM. */
  readonly drainTimeoutMs: number
  /** How long readiness says no before new connections are refused. */
  readonly drainDelayMs: number
  /** Whether readiness waits for the keys of all issuers, not only of one. */
  readonly requireAllIssuers: boolean
}

/** Public facts for `kubectl oidc-login setup https://HOST`. */
export interface OnboardingSettings {
  readonly clusterName: string
  /** The gateway's public address, `https://host[:port]`. */
  readonly server: string
  /** PEM of the authority of the gateway's certificate; undefined when it is publicly trusted. */
  readonly certificateAuthority: string | undefined
  readonly issuer: string
  readonly clientId: string
  readonly scopes: readonly string[]
}
