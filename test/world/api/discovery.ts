import { chooseRepresentation, mediaTypeOf, type Representation } from './accept.ts'
import { type Answer, ok } from './answer.ts'
import type { Json, JsonObject } from './json.ts'
import { apiVersionOf, groupNames, type ResourceType, resourceTypes } from './resources.ts'
import { unknownPath } from './status.ts'

/** Version of every group. */
const version = 'v1'

const aggregated: readonly Representation[] = ['v2', 'v2beta1'].map((of) => ({
  as: 'APIGroupDiscoveryList',
  group: 'apidiscovery.k8s.io',
  version: of,
}))

/** Answers `/api`: the versions of the core group or, aggregated, its resources. */
export function coreDiscovery(accept: string | undefined): Answer {
  const representation = chooseRepresentation(accept, aggregated)
  if (representation) return aggregate([''], representation)
  return ok({ kind: 'APIVersions', versions: [version], serverAddressByClientCIDRs: [] })
}

/** Answers `/apis`: the other groups or, aggregated, their resources. */
export function groupDiscovery(accept: string | undefined): Answer {
  const groups = groupNames.filter((name) => name !== '')
  const representation = chooseRepresentation(accept, aggregated)
  if (representation) return aggregate(groups, representation)
  return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) })
}

/** Answers `/apis/GROUP`. Throws a {@link StatusError} 404 for an unknown group. */
export function oneGroupDiscovery(group: string): Answer {
  if (group === '' || !groupNames.includes(group)) throw unknownPath()
  return ok({ kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) })
}

/** Answers `/api/v1` and `/apis/GROUP/VERSION`. Throws a {@link StatusError} 404 for others. */
export function resourceDiscovery(group: string, wanted: string): Answer {
  const types = resourceTypes.filter((type) => type.group === group && type.version === wanted)
  if (types.length === 0) throw unknownPath()
  return ok({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version: wanted }),
    resources: types.flatMap(describeResource),
  })
}

function describeGroup(name: string): JsonObject {
  const only = { groupVersion: apiVersionOf({ group: name, version }), version }
  return { name, versions: [only], preferredVersion: only }
}

function describeResource(type: ResourceType): JsonObject[] {
  const { resource, singular, isNamespaced, kind, verbs, subresources } = type
  const own = { singularName: singular, namespaced: isNamespaced, kind, verbs, ...aliases(type) }
  return [
    { name: resource, ...own },
    ...subresources.map((subresource) => ({
      name: `${resource}/${subresource}`,
      singularName: '',
      namespaced: isNamespaced,
      kind,
      verbs: ['get'],
    })),
  ]
}

function aliases({ shortNames, categories }: ResourceType): JsonObject {
  return {
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  }
}

function aggregate(groups: readonly string[], representation: Representation): Answer {
  const body = {
    kind: representation.as,
    apiVersion: `${representation.group}/${representation.version}`,
    metadata: {},
    items: groups.map((name) => ({
      metadata: { name, creationTimestamp: null },
      versions: [{ version, freshness: 'Current', resources: aggregateResources(name) }],
    })),
  }
  return ok(body, mediaTypeOf(representation))
}

function aggregateResources(group: string): Json {
  const types = resourceTypes.filter((type) => type.group === group)
  return types.map((type) => {
    const { resource, isNamespaced, singular, verbs, subresources } = type
    const responseKind = { group, version: type.version, kind: type.kind }
    return {
      resource,
      responseKind,
      scope: isNamespaced ? 'Namespaced' : 'Cluster',
      singularResource: singular,
      verbs,
      ...aliases(type),
      subresources: subresources.map((subresource) => ({
        subresource,
        responseKind,
        verbs: ['get'],
      })),
    }
  })
}
