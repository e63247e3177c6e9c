import type { ClusterClient } from '../cluster/index.ts'

/** What stands in a namespace. */
export type NamespaceContents =
  /** `Kind name` of what is nobody's else and not the cluster's own. */
  | { readonly kind: 'known'; readonly others: readonly string[] }
  /** Something could not be looked at. */
  | { readonly kind: 'unknown'; readonly resource: string }

/** Kinds that come and go with others, and are kept by nobody. */
const ephemeral: ReadonlySet<string> = new Set(['events', 'endpoints', 'bindings', 'leases'])

/** Groups whose objects are measured, not kept. */
const measured: ReadonlySet<string> = new Set(['metrics.k8s.io', 'events.k8s.io'])

/**
 * What is in a namespace, of all kinds that the cluster has: deleting the namespace would delete it, too.
 * What belongs to another object is not counted, nor what is being deleted.
 */
export async function namespaceContents(
  client: ClusterClient,
  namespace: string,
): Promise<NamespaceContents> {
  const others: string[] = []
  for (const { path, resource, kind } of await namespacedResources(client)) {
    const { status, json } = await client.send({
      method: 'GET',
      path: `${path}/namespaces/${namespace}/${resource}?limit=100`,
    })
    if (status === 404 || status === 405) continue
    const { items } = Object(json)
    if (status !== 200 || !Array.isArray(items)) return { kind: 'unknown', resource }
    others.push(...items.filter((item) => isKept(resource, item)).map((item) => named(kind, item)))
  }
  return { kind: 'known', others }
}

function named(kind: string, item: unknown): string {
  return `${kind} ${Object(Object(item).metadata).name}`
}

function isKept(resource: string, item: unknown): boolean {
  const { metadata, type } = Object(item)
  const { name, ownerReferences, deletionTimestamp } = Object(metadata)
  if (deletionTimestamp !== undefined) return false
  if (Array.isArray(ownerReferences) && ownerReferences.length > 0) return false
  if (resource === 'serviceaccounts') return name !== 'default'
  // The cluster itself puts these into every namespace.
  if (resource === 'configmaps') return name !== 'kube-root-ca.crt'
  if (resource === 'secrets') return type !== 'kubernetes.io/service-account-token'
  return true
}

interface Resource {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly path: string
  readonly resource: string
  readonly kind: string
}

async function namespacedResources(client: ClusterClient): Promise<readonly Resource[]> {
  const { json } = await client.send({ method: 'GET', path: '/apis' })
  const { groups } = Object(json)
  const versions: readonly string[] = Array.isArray(groups)
    ? groups
        .filter((group) => !measured.has(Object(group).name))
        .map((group) => `/apis/${Object(Object(group).preferredVersion).groupVersion}`)
    : []
  const found: Resource[] = []
  for (const path of ['/api/v1', ...versions]) {
    const { resources } = Object((await client.send({ method: 'GET', path })).json)
    if (Array.isArray(resources)) found.push(...resources.flatMap((one) => listable(path, one)))
  }
  return found
}

function listable(path: string, description: unknown): Resource[] {
  const { name, kind, namespaced, verbs } = Object(description)
  const isListed = Array.isArray(verbs) && verbs.includes('list')
  if (namespaced !== true || !isListed || ephemeral.has(name)) return []
  return [{ path, resource: String(name), kind: String(kind) }]
}
