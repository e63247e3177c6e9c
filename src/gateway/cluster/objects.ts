/** Which object of a cluster. */
export interface ObjectName {
  /** `apps/v1`; `v1` for the core group. */
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    /** Undefined for what belongs to the whole cluster. */
    readonly namespace?: string | undefined
  }
}

/** An object as the API server tells it. Beyond the fields named here, nothing is known of it. */
export interface ClusterObject extends ObjectName {
  readonly metadata: ObjectName['metadata'] & {
    readonly uid: string
    /** Another one after each change; empty for what was only tried. */
    readonly resourceVersion: string
    /** When it began to be deleted (RFC 3339); undefined while it is to stay. */
    readonly deletionTimestamp?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** `Deployment oidc-gateway/oidc-gateway`, `ClusterRole oidc-gateway`. */
export function nameOf({ kind, metadata: { name, namespace } }: ObjectName): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`
}

/** Group of an object's API; empty for the core group. */
export function groupOf({ apiVersion }: Pick<ObjectName, 'apiVersion'>): string {
  const at = apiVersion.indexOf('/')
  return at < 0 ? '' : apiVersion.slice(0, at)
}

/** How the kinds that are dealt with here stand in a URL: `kubectl api-resources` says the same. */
const resources: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  Service: 'services',
  Pod: 'pods',
  Deployment: 'deployments',
  PodDisruptionBudget: 'poddisruptionbudgets',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  NetworkPolicy: 'networkpolicies',
  ServiceMonitor: 'servicemonitors',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  CertificateSigningRequest: 'certificatesigningrequests',
}

/**
 * The resource of a kind, as RBAC and URLs name it.
 *
 * @throws Error for a kind that this program does not deal with
 */
export function resourceOf({ kind }: Pick<ObjectName, 'kind'>): string {
  const resource = resources[kind]
  if (resource === undefined) throw new Error(`no resource is known for the kind ${kind}`)
  return resource
}

/** Where objects of one kind stand, below the URL of the API server. */
export function collectionPath(
  object: Pick<ObjectName, 'apiVersion' | 'kind'> & {
    readonly metadata: Pick<ObjectName['metadata'], 'namespace'>
  },
): string {
  const { apiVersion, metadata } = object
  const api = groupOf(object) === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`
  const place = metadata.namespace === undefined ? '' : `/namespaces/${segment(metadata.namespace)}`
  return `${api}${place}/${resourceOf(object)}`
}

/** Where one object stands, below the URL of the API server. */
export function objectPath(object: ObjectName): string {
  return `${collectionPath(object)}/${segment(object.metadata.name)}`
}

function segment(text: string): string {
  return encodeURIComponent(text)
}
