import { OidcLoginError } from '../../errors.ts'

/** Something that a person may do or may not do, as it is written for `--may`. */
export type Access = ResourceAccess | PathAccess

/** Access to a resource. */
export interface ResourceAccess {
  readonly kind: 'resource'
  /** As it was written. */
  readonly text: string
  readonly verb: string
  /** API group; empty for the core group. */
  readonly group: string
  /** Undefined for the one that the API server prefers. */
  readonly version: string | undefined
  readonly resource: string
  readonly subresource: string | undefined
  readonly name: string | undefined
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined
}

/** Access to a path that is no resource. */
export interface PathAccess {
  readonly kind: 'path'
  readonly text: string
  readonly verb: string
  readonly path: string
}

/**
 * Reads `list services -n default`, `get pods/log hello -n default`, `list deployments.apps`,
 * `list deployments.v1.apps` or `get /version`.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function parseAccess(text: string, option: string): Access {
  const words = text.trim().split(/\s+/)
  const { namespace, rest } = namespaceIn(words)
  const [verb = '', what = '', name, ...more] = rest
  if (!/^[a-z:-]+$/.test(verb) || more.length > 0) throw invalid(option)
  if (/^\/[\w./-]*$/.test(what) && name === undefined && namespace === undefined) {
    return { kind: 'path', text, verb, path: what }
  }
  const [resource, subresource, ...deeper] = what.split('/')
  const [, plural = '', version, group = ''] =
    /^([a-z0-9-]+)(?:\.(v\d[a-z0-9]*))?(?:\.([a-z0-9.-]+))?$/.exec(resource ?? '') ?? []
  const parts = [subresource, name, namespace].filter((part) => part !== undefined)
  if (plural === '' || deeper.length > 0 || !parts.every((part) => /^[\w.:-]+$/.test(part))) {
    throw invalid(option)
  }
  return {
    kind: 'resource',
    text,
    verb,
    group,
    version,
    resource: plural,
    subresource,
    name,
    namespace,
  }
}

function namespaceIn(words: readonly string[]): {
  readonly namespace: string | undefined
  readonly rest: readonly string[]
} {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace')
  if (at >= 0) {
    return { namespace: words[at + 1] ?? '', rest: [...words.slice(0, at), ...words.slice(at + 2)] }
  }
  const given = words.find((word) => word.startsWith('--namespace='))
  return {
    namespace: given?.slice('--namespace='.length),
    rest: words.filter((word) => word !== given),
  }
}

/** Where the objects are. @param version of the group, found by discovery when it was not given */
export function pathOf(access: ResourceAccess, version: string): string {
  const { group, namespace, resource, name, subresource } = access
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const parts = [namespace && `namespaces/${namespace}`, resource, name, subresource]
  return [root, ...parts.filter((part) => part)].join('/')
}

function invalid(option: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', `The value of --${option} is no access.`, {
    hint: `Write a verb and a resource, such as --${option}='list services -n default', --${option}='get deployments.apps hello -n default' or --${option}='get /version'.`,
  })
}
