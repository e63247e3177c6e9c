import { type Answer, ok } from './answer.ts'
import type { Call, Cluster, ObjectCall } from './call.ts'
import { coreDiscovery, groupDiscovery, oneGroupDiscovery, resourceDiscovery } from './discovery.ts'
import { openApiDocument, openApiIndex } from './openapi.ts'
import { openApiV2 } from './openapi-v2.ts'
import { podLog } from './pod-log.ts'
import { answerObject, existing, list } from './read.ts'
import type { ResourceTarget } from './request.ts'
import { findResourceType, type ResourceType } from './resources.ts'
import { review } from './reviews.ts'
import { methodNotAllowed, unknownPath } from './status.ts'
import { versionInfo } from './version.ts'
import { watch } from './watch.ts'
import { create, patch, remove, update } from './write.ts'

/**
 * Answers a call that is allowed.
 *
 * @throws {StatusError} for anything that cannot be done
 */
export async function answer(call: Call, cluster: Cluster): Promise<Answer> {
  const { target } = call.request
  if (target) return await answerResource(call, target, cluster)
  if (call.request.method !== 'GET') throw methodNotAllowed()
  return answerPath(call)
}

async function answerResource(
  call: Call,
  target: ResourceTarget,
  cluster: Cluster,
): Promise<Answer> {
  const { verb } = call.request
  const type = findResourceType(target.group, target.version, target.resource)
  if (!type || !isInScope(type, target)) throw unknownPath()
  const namespace = type.isNamespaced ? target.namespace : undefined
  const objectCall: ObjectCall = { ...call, type, target, namespace }
  if (target.subresource !== undefined) {
    if (!type.subresources.includes(target.subresource)) throw unknownPath()
    if (verb !== 'get') throw methodNotAllowed()
    return podLog(objectCall, cluster)
  }
  const isEverywhere = type.isNamespaced && target.namespace === undefined
  const verbs = isEverywhere ? ['list', 'watch'] : type.verbs
  if (!verbs.includes(verb)) throw methodNotAllowed()
  return await answerVerb(objectCall, cluster)
}

/** An object with a namespace is found only there; without one, only all of them together. */
function isInScope({ kind, isNamespaced }: ResourceType, target: ResourceTarget): boolean {
  if (kind === 'Namespace') return true
  if (!isNamespaced) return target.namespace === undefined
  return target.namespace !== undefined || target.name === undefined
}

async function answerVerb(call: ObjectCall, cluster: Cluster): Promise<Answer> {
  // A collection can only be listed and added to, an object only be read and changed.
  const isOne = call.target.name !== undefined
  switch (call.request.verb) {
    case 'get':
      return answerObject(call, cluster, existing(call, cluster))
    case 'list':
      return list(call, cluster)
    case 'watch':
      return watch(call, cluster)
    case 'create':
      if (isOne) throw methodNotAllowed()
      return await (call.type.verbs.includes('get') ? create(call, cluster) : review(call, cluster))
    case 'update':
      if (!isOne) throw methodNotAllowed()
      return await update(call, cluster)
    case 'patch':
      if (!isOne) throw methodNotAllowed()
      return await patch(call, cluster)
    default:
      return await remove(call, cluster)
  }
}

function answerPath({ request: { path }, accept }: Call): Answer {
  const [, first, second, third, ...rest] = path.replace(/\/$/, '').split('/')
  if (first === 'openapi' && second === 'v3') {
    return ok(third === undefined ? openApiIndex() : openApiDocument(path))
  }
  if (path === '/openapi/v2') return openApiV2(accept)
  if (rest.length > 0) throw unknownPath()
  if (first === 'api' && third === undefined) {
    return second === undefined ? coreDiscovery(accept) : resourceDiscovery('', second)
  }
  if (first === 'apis') {
    if (second === undefined) return groupDiscovery(accept)
    return third === undefined ? oneGroupDiscovery(second) : resourceDiscovery(second, third)
  }
  if (second === undefined && probes.includes(first ?? '')) return healthy
  if (second === undefined && first === 'version') return ok(versionInfo)
  throw unknownPath()
}

const probes = ['healthz', 'livez', 'readyz']
const healthy: Answer = { code: 200, bytes: Buffer.from('ok'), contentType: 'text/plain' }
