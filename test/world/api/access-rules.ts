import { authenticatedGroup, superuserGroup } from './user.ts'

/** What some users may do: a ClusterRole or Role with its binding, as data. `*` stands for all. */
export interface AccessRule {
  /** Names of the users. */
  readonly users?: readonly string[]
  /** Groups of the users. */
  readonly groups?: readonly string[]
  /** API groups; empty for the core group. */
  readonly apiGroups?: readonly string[]
  /** Plural names of resource types; `pods/log` for a subresource. */
  readonly resources?: readonly string[]
  /** Paths that are no resources, such as `/version`; a `*` may stand at the end. */
  readonly nonResourceUrls?: readonly string[]
  readonly verbs: readonly string[]
  /** Namespaces in which the rule holds; absent, it holds in the whole cluster. */
  readonly namespaces?: readonly string[]
}

const everything = {
  apiGroups: ['*'],
  resources: ['*'],
  nonResourceUrls: ['*'],
  verbs: ['*'],
} as const

/** The rules of the tutorial: john reads services, administrators do everything. */
export const tutorialRules: readonly AccessRule[] = [
  { users: ['john'], apiGroups: [''], resources: ['services'], verbs: ['get', 'list'] },
  { groups: ['cluster-admins'], ...everything },
]

/** What every cluster grants: probes to all, discovery and self-reviews to the authenticated. */
export const builtInRules: readonly AccessRule[] = [
  { groups: [superuserGroup], ...everything },
  {
    groups: ['system:unauthenticated', authenticatedGroup],
    nonResourceUrls: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
    verbs: ['get'],
  },
  {
    groups: [authenticatedGroup],
    nonResourceUrls: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
    verbs: ['get'],
  },
  {
    groups: [authenticatedGroup],
    apiGroups: ['authentication.k8s.io'],
    resources: ['selfsubjectreviews'],
    verbs: ['create'],
  },
  {
    groups: [authenticatedGroup],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    verbs: ['create'],
  },
]
