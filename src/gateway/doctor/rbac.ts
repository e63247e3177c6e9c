/** A role or a binding of `rbac.authorization.k8s.io/v1`, as far as it is looked at. */
interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
}

/** What a cluster grants, as its API lists it. */
export interface RbacObjects {
  readonly clusterRoles: readonly unknown[]
  readonly clusterRoleBindings: readonly unknown[]
  /** Of one namespace. */
  readonly roles: readonly unknown[]
  readonly roleBindings: readonly unknown[]
}

/** Rights in a namespace with which one gets at the credential of whatever runs there. */
const thefts: readonly (readonly [what: string, group: string, resource: string, verb: string])[] =
  [
    ['create pods', '', 'pods', 'create'],
    ['exec into pods', '', 'pods/exec', 'create'],
    ['add containers to pods', '', 'pods/ephemeralcontainers', 'patch'],
    ['read secrets', '', 'secrets', 'get'],
    ['list secrets', '', 'secrets', 'list'],
    ['issue tokens', '', 'serviceaccounts/token', 'create'],
    ['create deployments', 'apps', 'deployments', 'create'],
    ['create jobs', 'batch', 'jobs', 'create'],
  ]

/**
 * Who could steal a credential in a namespace, and how.
 *
 * @returns `Group developers: create pods, read secrets`, sorted
 */
export function thieves(objects: RbacObjects): readonly string[] {
  const found = new Map<string, Set<string>>()
  for (const binding of [...objects.clusterRoleBindings, ...objects.roleBindings]) {
    const ways = waysOf(rulesIn(binding, objects))
    if (ways.length === 0) continue
    for (const subject of subjectsIn(binding)) {
      found.set(subject, new Set([...(found.get(subject) ?? []), ...ways]))
    }
  }
  return [...found]
    .filter(([subject]) => !isOfKubernetes(subject))
    .map(([subject, ways]) => `${subject}: ${[...ways].join(', ')}`)
    .sort()
}

function waysOf(rules: readonly Rule[]): string[] {
  return thefts
    .filter(([, group, resource, verb]) =>
      rules.some(
        (rule) =>
          has(rule.apiGroups, group) && has(rule.resources, resource) && has(rule.verbs, verb),
      ),
    )
    .map(([what]) => what)
}

function has(granted: readonly string[], wanted: string): boolean {
  return granted.includes('*') || granted.includes(wanted)
}

function rulesIn(binding: unknown, { clusterRoles, roles }: RbacObjects): readonly Rule[] {
  const { kind, name } = Object(Object(binding).roleRef)
  const candidates = kind === 'ClusterRole' ? clusterRoles : roles
  const role = candidates.find((one) => Object(Object(one).metadata).name === name)
  const { rules } = Object(role)
  return Array.isArray(rules) ? rules.map(ruleOf) : []
}

/** A rule for single objects by name is not counted: which they are is not known here. */
function ruleOf(rule: unknown): Rule {
  const { verbs, apiGroups, resources, resourceNames } = Object(rule)
  const isForNames = Array.isArray(resourceNames) && resourceNames.length > 0
  return {
    verbs: isForNames ? [] : texts(verbs),
    apiGroups: texts(apiGroups),
    resources: texts(resources),
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function subjectsIn(binding: unknown): readonly string[] {
  const { subjects } = Object(binding)
  if (!Array.isArray(subjects)) return []
  return subjects.map((subject) => {
    const { kind, name, namespace } = Object(subject)
    return kind === 'ServiceAccount' ? `ServiceAccount ${namespace}/${name}` : `${kind} ${name}`
  })
}

/** The components of Kubernetes itself, which own the cluster anyway. */
function isOfKubernetes(subject: string): boolean {
  return /^(?:User|Group) system:(?!authenticated|unauthenticated|serviceaccounts)|^ServiceAccount kube-system\//.test(
    subject,
  )
}
