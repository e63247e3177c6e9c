/** What is to be done to a gateway. */
export interface LoadPlan {
  /** How many users there are; each has a token of his own. */
  readonly users: number
  /** How many watches are held open. */
  readonly watches: number
  /** How many watches are opened in a second. */
  readonly opensPerSecond: number
  /** How long a watch is silent between two events of 1 KB; 0 for ever. */
  readonly eventSeconds: number
  /** How many connections with one request each are opened in a second, as kubectl does. */
  readonly connectionsPerSecond: number
  /** How many requests are sent in a second, on connections that stay. */
  readonly requestsPerSecond: number
  /** How many connections stay for them. */
  readonly connections: number
  /** How long each phase lasts, in milliseconds. */
  readonly durationMs: number
  readonly target: TargetPlan
  /** Whether the figures of `docs/scaling.md` are to be written anew. */
  readonly write: boolean
}

/** Which gateway. */
export type TargetPlan =
  /** One that is started here, in front of a stand-in or of a real kube-apiserver. */
  | { readonly kind: 'local'; readonly apiServer: ApiServerKind; readonly workers: string }
  /** One that runs already. */
  | {
      readonly kind: 'running'
      readonly url: URL
      /** Certificate of its authority, a file; that of the computer by default. */
      readonly caFile?: string
      /** Tokens, one a line. */
      readonly tokenFile: string
      /** Its process, when it runs on this computer and its use of it is to be measured. */
      readonly pid?: number
    }

/** What is behind a gateway that is started here. */
export type ApiServerKind = 'stand-in' | 'kube-apiserver'
