/** A resource type that the API server knows, as discovery describes it. */
export interface ResourceType {
  /** API group; empty for the core group. */
  readonly group: string
  /** Version of the group. */
  readonly version: string
  /** Plural name, as in paths and in access rules. */
  readonly resource: string
  /** Singular name. */
  readonly singular: string
  /** Kind of its objects. */
  readonly kind: string
  /** Whether its objects live in a namespace. */
  readonly isNamespaced: boolean
  /** What can be done with its objects. */
  readonly verbs: readonly string[]
  /** Abbreviations that kubectl takes. */
  readonly shortNames: readonly string[]
  /** Collective names that kubectl takes. */
  readonly categories: readonly string[]
  /** Fields, besides name and namespace, that a field selector may name. */
  readonly selectableFields: readonly string[]
  /** Names of the subresources, each of which can be read only. */
  readonly subresources: readonly string[]
}

const objectVerbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] as const

function objectType(
  group: string,
  resource: string,
  kind: string,
  more: Partial<ResourceType> = {},
): ResourceType {
  return {
    group,
    version: 'v1',
    resource,
    singular: kind.toLowerCase(),
    kind,
    isNamespaced: true,
    verbs: objectVerbs,
    shortNames: [],
    categories: [],
    selectableFields: [],
    subresources: [],
    ...more,
  }
}

function reviewType(group: string, resource: string, kind: string): ResourceType {
  return objectType(group, resource, kind, { isNamespaced: false, verbs: ['create'] })
}

const eventFields = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
]

/** Every resource type, in the order in which discovery lists them. */
export const resourceTypes: readonly ResourceType[] = [
  objectType('', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  objectType('', 'endpoints', 'Endpoints', { singular: 'endpoints', shortNames: ['ep'] }),
  objectType('', 'events', 'Event', {
    shortNames: ['ev'],
    selectableFields: ['type', 'reason', ...eventFields.map((field) => `involvedObject.${field}`)],
  }),
  objectType('', 'namespaces', 'Namespace', {
    isNamespaced: false,
    shortNames: ['ns'],
    selectableFields: ['status.phase'],
  }),
  objectType('', 'pods', 'Pod', {
    shortNames: ['po'],
    categories: ['all'],
    selectableFields: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
    subresources: ['log'],
  }),
  objectType('', 'services', 'Service', {
    shortNames: ['svc'],
    categories: ['all'],
    selectableFields: ['spec.clusterIP', 'spec.type'],
  }),
  objectType('apps', 'deployments', 'Deployment', {
    shortNames: ['deploy'],
    categories: ['all'],
  }),
  reviewType('authentication.k8s.io', 'selfsubjectreviews', 'SelfSubjectReview'),
  reviewType('authorization.k8s.io', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview'),
  reviewType('authorization.k8s.io', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview'),
  objectType('discovery.k8s.io', 'endpointslices', 'EndpointSlice'),
]

/** The names of the API groups, the core group (empty) first. */
export const groupNames: readonly string[] = [...new Set(resourceTypes.map(({ group }) => group))]

/** The resource type with this group, version and plural name. */
export function findResourceType(
  group: string,
  version: string,
  resource: string,
): ResourceType | undefined {
  return resourceTypes.find(
    (type) => type.group === group && type.version === version && type.resource === resource,
  )
}

/** The `apiVersion` of the objects of a type: `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}

/** Where a group version is served: `/api/v1`, `/apis/apps/v1`. */
export function rootOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return `${type.group === '' ? '/api' : '/apis'}/${apiVersionOf(type)}`
}
