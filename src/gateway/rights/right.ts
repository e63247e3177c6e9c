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
  /** The only object that it is for; absent for all. */
  readonly name?: string
}

/** A verb on paths that are no resources. */
export interface PathRight {
  readonly kind: 'path'
  readonly verb: string
  readonly path: string
}

/** A rule of a role, as `rbac.authorization.k8s.io/v1` writes it. */
export type PolicyRule =
  | {
      readonly apiGroups: readonly string[]
      readonly resources: readonly string[]
      readonly resourceNames?: readonly string[]
      readonly verbs: readonly string[]
    }
  | { readonly nonResourceURLs: readonly string[]; readonly verbs: readonly string[] }

/** As few rules as grant these rights and no more. */
export function rulesOf(rights: readonly Right[]): readonly PolicyRule[] {
  const places = new Map<string, { right: Right; resources: Set<string>; verbs: Set<string> }>()
  for (const right of rights) {
    const key = right.kind === 'path' ? 'path' : `${groupKey(right)} ${right.resource}`
    const place = places.get(key) ?? { right, resources: new Set(), verbs: new Set() }
    place.resources.add(right.kind === 'path' ? right.path : right.resource)
    place.verbs.add(right.verb)
    places.set(key, place)
  }
  return joined([...places.values()]).map(ruleOf)
}

/** The same rules as lines of YAML, for a message. */
export function ruleLines(rights: readonly Right[]): readonly string[] {
  return rulesOf(rights).flatMap((rule) =>
    Object.entries(rule).map(
      ([field, values], index) => `${index === 0 ? '-' : ' '} ${field}: ${list(values)}`,
    ),
  )
}

/** Each right that the rules of a role grant; what is no rule is passed over. */
export function rightsIn(rules: unknown): readonly Right[] {
  return listIn(rules).flatMap((rule) => {
    const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = Object(rule)
    const names = listIn(resourceNames)
    const places = [
      ...listIn(nonResourceURLs).map((path) => ({ kind: 'path' as const, path: String(path) })),
      ...listIn(apiGroups).flatMap((group) =>
        listIn(resources).flatMap((resource) =>
          (names.length > 0 ? names : [undefined]).map((name) => ({
            kind: 'resource' as const,
            group: String(group),
            resource: String(resource),
            ...(name === undefined ? {} : { name: String(name) }),
          })),
        ),
      ),
    ]
    return listIn(verbs).flatMap((verb) =>
      places.map((place): Right => ({ ...place, verb: String(verb) })),
    )
  })
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function ruleOf({ right, resources, verbs }: Place): PolicyRule {
  if (right.kind === 'path') return { nonResourceURLs: [...resources], verbs: [...verbs] }
  return {
    apiGroups: [right.group],
    resources: [...resources],
    ...(right.name === undefined ? {} : { resourceNames: [right.name] }),
    verbs: [...verbs],
  }
}

function groupKey({ group, name }: ResourceRight): string {
  return `group ${group} ${name ?? ''}`
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
    const group = right.kind === 'path' ? 'path' : groupKey(right)
    const key = `${group} ${[...place.verbs].join()}`
    const before = rules.get(key)?.resources ?? []
    rules.set(key, { ...place, resources: new Set([...before, ...place.resources]) })
  }
  return [...rules.values()]
}

function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`
}
