/** A figure that the project wants to reach. */
export interface Goal {
  readonly id: GoalId
  /** What is compared with what, as a line of the table. */
  readonly sentence: string
  /** How a run measures it: a paragraph of the page. */
  readonly method: string
  /** `x` is a ratio to the rival of the same run. */
  readonly unit: 'x' | 'KB' | 'MB'
  readonly better: 'smaller' | 'larger'
  /** The limit that must hold, in the unit. */
  readonly must: number
  /** The limit that is aimed at, in the unit. */
  readonly aim: number
}

/** Names of the goals, for the command line and for figures. */
export type GoalId =
  | 'cached-executable'
  | 'cached-node'
  | 'kubectl-get'
  | 'after-redirect'
  | 'requests-kube-oidc-proxy'
  | 'requests-nginx'
  | 'added-latency'
  | 'api-server'
  | 'new-connections'
  | 'watch-memory'
  | 'exec-throughput'
  | 'idle-memory'

/** All of them, in the order of the page. */
export const goals: readonly Goal[] = [
  {
    id: 'cached-executable',
    sentence: "Cached `get-token`, released executable, to kubelogin's",
    method:
      'Whole processes with a fresh session, timed from the start of the process to its end, in turn.',
    unit: 'x',
    better: 'smaller',
    must: 1.1,
    aim: 0.8,
  },
  {
    id: 'cached-node',
    sentence: 'Cached `get-token` of the npm package, to `node -e 0`',
    method:
      'Whole processes with a fresh session, timed from the start of the process to its end, in turn.',
    unit: 'x',
    better: 'smaller',
    must: 1.4,
    aim: 1.2,
  },
  {
    id: 'kubectl-get',
    sentence: 'Whole `kubectl get svc` with the executable, to the same with kubelogin',
    method:
      'One kubectl, one API server and one namespace for all; kubeconfigs that differ only in the command of the plugin; a fresh session and a warm discovery cache for each.',
    unit: 'x',
    better: 'smaller',
    must: 1.08,
    aim: 1,
  },
  {
    id: 'after-redirect',
    sentence:
      "Sign-in after the redirect, callback sent to credential printed, executable, to kubelogin's",
    method:
      'The authorization at an embedded provider, in a process of its own, is driven by HTTP; half a second later, as where the provider knows the person, the redirect is followed to the loopback listener. The clock runs from then until stdout holds the credential.',
    unit: 'x',
    better: 'smaller',
    must: 1,
    aim: 0.5,
  },
  {
    id: 'requests-kube-oidc-proxy',
    sentence: "Gateway, requests/s, cached token, audit and metrics on, to kube-oidc-proxy's",
    method:
      'wrk with 32 connections that stay, answers of 4 KB, TLS 1.3 on both sides, certificates and tokens of ECDSA P-256, in front of the same nginx that stands in for an API server.',
    unit: 'x',
    better: 'larger',
    must: 5,
    aim: 10,
  },
  {
    id: 'requests-nginx',
    sentence: "Gateway, requests/s, the same, to nginx's as a plain TLS proxy",
    method:
      'wrk with 32 connections that stay, answers of 4 KB, TLS 1.3 on both sides, certificates and tokens of ECDSA P-256, in front of the same nginx that stands in for an API server.',
    unit: 'x',
    better: 'larger',
    must: 0.4,
    aim: 0.9,
  },
  {
    id: 'added-latency',
    sentence: "Gateway, p50 added at 1 connection, to nginx's",
    method:
      'wrk with 1 connection, otherwise as before; p50 through the proxy less p50 at the stand-in for an API server directly.',
    unit: 'x',
    better: 'smaller',
    must: 3,
    aim: 1.5,
  },
  {
    id: 'api-server',
    sentence: 'Gateway, requests/s to a real API server, to going direct with the same JWT',
    method:
      'wrk lists services at a real kube-apiserver, which verifies the same tokens when it is asked directly; the gateway impersonates with the rights that `oidc-gateway manifests` grants.',
    unit: 'x',
    better: 'larger',
    must: 0.6,
    aim: 0.9,
  },
  {
    id: 'new-connections',
    sentence:
      "Gateway, new TLS connections with one request each, as kubectl opens them, connections/s, to nginx's",
    method:
      'hey opens a connection for each request. No session is resumed, as kubectl has none to resume, and the handshakes of both are those of Go; TLS 1.3, ECDSA P-256.',
    unit: 'x',
    better: 'larger',
    must: 0.5,
    aim: 0.9,
  },
  {
    id: 'watch-memory',
    sentence: 'Gateway, memory of an idle watch',
    method:
      'Growth of the resident memory of the gateway from some watches to many, for each of them.',
    unit: 'KB',
    better: 'smaller',
    must: 60,
    aim: 25,
  },
  {
    id: 'exec-throughput',
    sentence: 'Gateway, throughput of `kubectl exec` and `cp`, to going direct',
    method:
      '`kubectl exec` moves zeros out of a pod at a real kube-apiserver, whose kubelet is played by kwok; timed from the first byte to the end.',
    unit: 'x',
    better: 'larger',
    must: 0.8,
    aim: 0.95,
  },
  {
    id: 'idle-memory',
    sentence: 'Gateway, memory when idle',
    method: 'Resident memory of the gateway after its start, before any request.',
    unit: 'MB',
    better: 'smaller',
    must: 90,
    aim: 50,
  },
]

/** The goal of a name. */
export function goalOf(id: GoalId): Goal {
  const goal = goals.find((one) => one.id === id)
  if (goal === undefined) throw new Error(`there is no goal ${id}`)
  return goal
}
