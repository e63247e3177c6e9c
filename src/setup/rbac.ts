import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { ApiUser } from './identity-mapping.ts'

const apiVersion = 'rbac.authorization.k8s.io/v1'
const apiGroup = 'rbac.authorization.k8s.io'

/**
 * Rights for somebody as YAML for `kubectl apply`: a ClusterRole with the right to look at services,
 * to begin with, and its binding.
 *
 * @param user as the API server sees him
 */
export function rbacFor(user: ApiUser): string {
  const role = { apiVersion, kind: 'ClusterRole', metadata: { name: 'oidc-service-reader' } }
  const binding = {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name: `${role.metadata.name}-${slug(user.username)}` },
    roleRef: { apiGroup, kind: role.kind, name: role.metadata.name },
    subjects: [{ apiGroup, kind: 'User', name: user.username }],
  }
  const rules = [{ apiGroups: [''], resources: ['services'], verbs: ['get', 'list', 'watch'] }]
  return `# What somebody may do: here, look at services. Kubernetes has the ClusterRoles view, edit, admin and cluster-admin, too.
${yaml({ ...role, rules })}---
# Who may do it, in all namespaces. For a single one: kind: RoleBinding, with metadata.namespace.
${groupComment(user)}${yaml(binding)}`
}

function groupComment({ groups }: ApiUser): string {
  if (groups.length === 0) return ''
  const subjects = groups.map((name) => `# - ${stringify({ apiGroup, kind: 'Group', name }, flow)}`)
  return `# Whole groups are easier to maintain than single users. Yours, as subjects:\n${subjects.join('')}`
}

const flow = { collectionStyle: 'flow', lineWidth: 0 } as const

function yaml(value: unknown): string {
  // Kubernetes reads YAML 1.1, where a plain "yes" is a boolean.
  return stringify(value, { lineWidth: 0, version: '1.1' })
}

/** A name for an object; a digest keeps users apart whose names have the same letters and digits. */
function slug(username: string): string {
  const readable = username
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)
  if (readable === username) return readable
  const digest = createHash('sha256').update(username).digest('hex').slice(0, 8)
  return [readable, digest].filter((part) => part !== '').join('-')
}
