import type { Answer } from './answer.ts'
import type { AccessAttributes } from './authorize.ts'
import type { Cluster, ObjectCall } from './call.ts'
import { type Json, type JsonObject, textAt, valueAt } from './json.ts'
import { apiVersionOf } from './resources.ts'
import { badRequest } from './status.ts'
import { timestamp } from './store.ts'

/** Answers a review: nothing is kept, the status tells what was asked. */
export async function review(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  const { type } = call
  const { json } = await call.readBody()
  const { kind } = type
  const apiVersion = apiVersionOf(type)
  if (textAt(json, 'kind') !== kind || textAt(json, 'apiVersion') !== apiVersion) {
    throw badRequest(`the body of the request is not a ${kind} of ${apiVersion}`)
  }
  const spec = valueAt(json, 'spec') ?? {}
  const creationTimestamp = timestamp(cluster.now())
  const status = statusOf(call, cluster, spec)
  const answer = { kind, apiVersion, metadata: { creationTimestamp }, spec, status }
  return { code: 201, json: answer }
}

function statusOf(call: ObjectCall, cluster: Cluster, spec: Json): JsonObject {
  const { user } = call
  switch (call.type.kind) {
    case 'SelfSubjectReview': {
      const { username, uid, groups, extra } = user
      return { userInfo: { username, ...(uid ? { uid } : {}), groups, extra } }
    }
    case 'SelfSubjectAccessReview':
      return { allowed: cluster.authorizer.isAllowed(user, attributesIn(spec)) }
    default:
      return rulesStatus(call, cluster, textAt(spec, 'namespace'))
  }
}

function attributesIn(spec: Json): AccessAttributes {
  const path = valueAt(spec, 'nonResourceAttributes')
  const resource = valueAt(spec, 'resourceAttributes')
  if ((path === undefined) === (resource === undefined)) {
    throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified')
  }
  if (path !== undefined) return { verb: textAt(path, 'verb'), path: textAt(path, 'path') }
  return {
    verb: textAt(resource, 'verb'),
    group: textAt(resource, 'group'),
    resource: textAt(resource, 'resource'),
    subresource: textAt(resource, 'subresource') || undefined,
    namespace: textAt(resource, 'namespace') || undefined,
    name: textAt(resource, 'name') || undefined,
  }
}

function rulesStatus({ user }: ObjectCall, cluster: Cluster, namespace: string): JsonObject {
  const rules = cluster.authorizer.rulesFor(user, namespace)
  return {
    resourceRules: rules.flatMap(({ verbs, apiGroups, resources }) =>
      apiGroups && resources ? [{ verbs, apiGroups, resources }] : [],
    ),
    nonResourceRules: rules.flatMap(({ verbs, nonResourceUrls }) =>
      nonResourceUrls ? [{ verbs, nonResourceURLs: nonResourceUrls }] : [],
    ),
    incomplete: false,
  }
}
