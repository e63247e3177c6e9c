/** How kubectl runs a credential plugin: `users[].user.exec`. */
export interface ExecEntry {
  /** The program, as written. */
  readonly command: string
  /** Its arguments. */
  readonly args: readonly string[]
  /** Environment variables that are set for it. */
  readonly env: Readonly<Record<string, string>>
  /** The version of the protocol, as written. */
  readonly apiVersion?: string | undefined
  /** When kubectl lets it read stdin, as written: `Never`, `IfAvailable` or `Always`. */
  readonly interactiveMode?: string | undefined
}

/** The settings of `users[].user.auth-provider`, which kubectl before 1.26 signed in with. */
export interface AuthProviderEntry {
  /** Name of the provider; ours is `oidc`. */
  readonly name: string
  /** Its settings, tokens and the client secret among them. */
  readonly config: Readonly<Record<string, string>>
}

/** A credential that stands in `users[].user` itself. Paths are absolute. */
export interface StaticCredential {
  readonly token?: string | undefined
  readonly tokenFile?: string | undefined
  /** Base64 of PEM; the data count more than the file. */
  readonly clientCertificateData?: string | undefined
  readonly clientCertificate?: string | undefined
  readonly clientKeyData?: string | undefined
  readonly clientKey?: string | undefined
}

/** One of `users`. */
export interface UserEntry {
  readonly name: string
  /** The file that holds it. */
  readonly path: string
  /** Names of all its fields: how it signs in. */
  readonly fields: readonly string[]
  readonly exec?: ExecEntry | undefined
  readonly authProvider?: AuthProviderEntry | undefined
  readonly credential: StaticCredential
}

/** One of `clusters`. */
export interface ClusterEntry {
  readonly name: string
  /** The file that holds it. */
  readonly path: string
  /** URL of the API server. */
  readonly server?: string | undefined
  /** Base64 of the PEM certificates that the API server's certificate is checked with. */
  readonly certificateAuthorityData?: string | undefined
  /** The file with these certificates; the data count more. Absolute: it is relative to the kubeconfig. */
  readonly certificateAuthority?: string | undefined
  /** The name that the API server's certificate must be for; by default the host of the URL. */
  readonly tlsServerName?: string | undefined
  /** Whether the API server's certificate is not verified. */
  readonly insecureSkipTlsVerify?: boolean | undefined
  /** The proxy on the way to the API server; by default the environment decides. */
  readonly proxyUrl?: string | undefined
}

/** One of `contexts`: a cluster and the user who goes there. */
export interface ContextEntry {
  readonly name: string
  /** The file that holds it. */
  readonly path: string
  readonly cluster?: string | undefined
  readonly user?: string | undefined
}

/** What the files of a kubeconfig say together. */
export interface Kubeconfig {
  readonly currentContext?: string | undefined
  readonly clusters: readonly ClusterEntry[]
  readonly contexts: readonly ContextEntry[]
  readonly users: readonly UserEntry[]
}
