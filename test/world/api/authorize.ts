import { type AccessRule, builtInRules } from './access-rules.ts'
import { type ApiRequest, selectedName } from './request.ts'
import { forbidden, type StatusError } from './status.ts'
import type { UserInfo } from './user.ts'

/** What somebody wants to do: something with a resource, or with a path that is none. */
export type AccessAttributes = ResourceAttributes | PathAttributes

/** The access to a resource. */
export interface ResourceAttributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
}

/** The access to a path. */
export interface PathAttributes {
  readonly verb: string
  readonly path: string
}

/** Decides who may do what. */
export interface Authorizer {
  isAllowed(user: UserInfo, attributes: AccessAttributes): boolean
  /** The rules that hold for a user in a namespace. */
  rulesFor(user: UserInfo, namespace: string): readonly AccessRule[]
}

/** Makes an authorizer of rules; what {@link builtInRules} grants is granted as well. */
export function createAuthorizer(rules: readonly AccessRule[]): Authorizer {
  const all = [...builtInRules, ...rules]
  return {
    isAllowed: (user, attributes) =>
      all.some((rule) => appliesTo(rule, user) && covers(rule, attributes)),
    rulesFor: (user, namespace) =>
      all.filter((rule) => appliesTo(rule, user) && holdsIn(rule, namespace)),
  }
}

/** What a request needs to be allowed to do. */
export function attributesOf({ path, query, target, verb }: ApiRequest): AccessAttributes {
  if (!target) return { verb, path }
  const { group, resource, subresource, namespace } = target
  const name = target.name ?? selectedName(query)
  return { verb, group, resource, subresource, namespace, name }
}

/** 403 in the words of kube-apiserver. */
export function refusal(user: UserInfo, attributes: AccessAttributes): StatusError {
  const who = `User ${JSON.stringify(user.username)} cannot ${attributes.verb}`
  if ('path' in attributes) {
    return forbidden({ group: '', resource: '' }, `${who} path ${JSON.stringify(attributes.path)}`)
  }
  const { group, namespace } = attributes
  const where =
    namespace === undefined
      ? 'at the cluster scope'
      : `in the namespace ${JSON.stringify(namespace)}`
  const what = JSON.stringify(fullResource(attributes))
  const why = `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}`
  return forbidden(attributes, why)
}

function appliesTo(rule: AccessRule, user: UserInfo): boolean {
  const isNamed = rule.users?.includes(user.username) ?? false
  return isNamed || (rule.groups?.some((group) => user.groups.includes(group)) ?? false)
}

function covers(rule: AccessRule, attributes: AccessAttributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false
  if ('path' in attributes) {
    return rule.nonResourceUrls?.some((pattern) => matchesPath(pattern, attributes.path)) ?? false
  }
  return (
    hasOrAll(rule.apiGroups ?? [], attributes.group) &&
    hasOrAll(rule.resources ?? [], fullResource(attributes)) &&
    holdsIn(rule, attributes.namespace)
  )
}

function holdsIn(rule: AccessRule, namespace: string | undefined): boolean {
  if (!rule.namespaces) return true
  return namespace !== undefined && rule.namespaces.includes(namespace)
}

function hasOrAll(granted: readonly string[], wanted: string): boolean {
  return granted.includes('*') || granted.includes(wanted)
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

function fullResource({ resource, subresource }: ResourceAttributes): string {
  return subresource === undefined ? resource : `${resource}/${subresource}`
}
