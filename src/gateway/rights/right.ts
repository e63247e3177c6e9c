/** One thing that RBAC can grant. */
export type Right = ResourceRight | PathRight

/** A verb on a resource. */
export interface ResourceRight {
  readonly kind: 'resource'
  readonly verb: string
  /** API group; empty for the core group. */
  readonly group: string
  /** `users`, or with a subresource `userextras/example.com/key`. */
  readonly resource: string
}

/** A verb on paths that are no resources. */
export interface PathRight {
  readonly kind: 'path'
  readonly verb: string
  readonly path: string
}

/** The rules of a ClusterRole that grant these rights, as lines of YAML. */
export function rulesOf(rights: readonly Right[]): readonly string[] {
  const places = new Map<string, { right: Right; resources: Set<string>; verbs: Set<string> }>()
  for (const right of rights) {
    const key = right.kind === 'path' ? 'path' : `${right.group} ${right.resource}`
    const place = places.get(key) ?? { right, resources: new Set(), verbs: new Set() }
    place.resources.add(right.kind === 'path' ? right.path : right.resource)
    place.verbs.add(right.verb)
    places.set(key, place)
  }
  return [...joined([...places.values()])].flatMap(({ right, resources, verbs }) => [
    ...(right.kind === 'path'
      ? [`- nonResourceURLs: ${list(resources)}`]
      : [`- apiGroups: ${list([right.group])}`, `  resources: ${list(resources)}`]),
    `  verbs: ${list(verbs)}`,
  ])
}

interface Place {
  readonly right: Right
  readonly resources: ReadonlySet<string>
  readonly verbs: ReadonlySet<string>
}

/** Resources of one group with the same verbs stand in one rule. */
function joined(places: readonly Place[]): readonly Place[] {
  const rules = new Map<string, Place>()
  for (const place of places) {
    const { right } = place
    const group = right.kind === 'path' ? 'path' : `group ${right.group}`
    const key = `${group} ${[...place.verbs].join()}`
    const before = rules.get(key)?.resources ?? []
    rules.set(key, { ...place, resources: new Set([...before, ...place.resources]) })
  }
  return [...rules.values()]
}

function list(values: Iterable<string>): string {
  return `[${[...values].map((value) => JSON.stringify(value)).join(', ')}]`
}
