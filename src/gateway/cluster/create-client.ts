import { OidcLoginError } from '../../errors.ts'
import { apiServerPeer } from '../../kubernetes/index.ts'
import type { Fetch, Peer, System } from '../../system/index.ts'
import { parseJson } from '../json/index.ts'
import {
  type ClusterAnswer,
  type ClusterClient,
  type ClusterRequest,
  fieldManager,
} from './cluster-client.ts'
import {
  type ClusterObject,
  collectionPath,
  nameOf,
  type ObjectName,
  objectPath,
} from './objects.ts'
import type { OperatorAccess } from './operator-access.ts'
import { parseObject } from './parse-object.ts'
import { operatorUnknown, refusalOf, unavailable } from './refusals.ts'

/** How long one request may take, in milliseconds. */
const timeoutMs = 30_000

/** How often, and after how many milliseconds, a request is repeated that the API server had no time for. */
const repeats = { times: 3, afterMs: 1_000 }

/** Makes a client that asks with the credential of the operator. */
export function clusterClient(
  system: Pick<System, 'http' | 'interrupted' | 'clock'>,
  access: OperatorAccess,
): ClusterClient {
  const { server } = access
  const fetch = system.http.connect({
    ...access.http,
    peer: operatorPeer,
    keepsConnections: true,
    timeoutMs,
  })

  async function send(request: ClusterRequest): Promise<ClusterAnswer> {
    for (let repeated = 0; ; repeated += 1) {
      const answer = await sendOnce(fetch, `${server}${request.path}`, request, system.interrupted)
      if (answer.status === 401) throw operatorUnknown(server)
      if (answer.status !== 429 && answer.status < 500) return answer
      if (repeated === repeats.times || !mayRepeat(request, answer))
        throw unavailable(server, answer)
      await system.clock.sleep(repeats.afterMs, system.interrupted)
    }
  }

  async function expectObject(request: ClusterRequest, name: ObjectName): Promise<ClusterObject> {
    const answer = await send(request)
    if (answer.status >= 400) throw refusalOf(answer, request, nameOf(name))
    return parseObject(answer.json) ?? notAnObject(server, request)
  }

  return {
    server,
    send,
    async get(name) {
      const request: ClusterRequest = { method: 'GET', path: objectPath(name) }
      const answer = await send(request)
      if (answer.status === 404) return undefined
      if (answer.status >= 400) throw refusalOf(answer, request, nameOf(name))
      return parseObject(answer.json) ?? notAnObject(server, request)
    },
    async list(kind, selector) {
      const path = `${collectionPath(kind)}?labelSelector=${encodeURIComponent(selector)}`
      const request: ClusterRequest = { method: 'GET', path }
      const answer = await send(request)
      if (answer.status === 404) return []
      if (answer.status >= 400) throw refusalOf(answer, request, `each ${kind.kind}`)
      const { items } = Object(answer.json)
      if (!Array.isArray(items)) return notAnObject(server, request)
      // The items of a list do not say what they are.
      const { apiVersion } = kind
      return items.flatMap(
        (item) => parseObject({ ...Object(item), apiVersion, kind: kind.kind }) ?? [],
      )
    },
    async apply(object, { force, isTrial }) {
      const query = new URLSearchParams({
        fieldManager,
        ...(force ? { force: 'true' } : {}),
        ...(isTrial ? { dryRun: 'All' } : {}),
      })
      return await expectObject(
        {
          method: 'PATCH',
          path: `${objectPath(object)}?${query}`,
          contentType: 'application/apply-patch+yaml',
          body: object,
        },
        object,
      )
    },
    async create(object, path) {
      const request: ClusterRequest = { method: 'POST', path, body: object }
      const answer = await send(request)
      if (answer.status >= 400) throw refusalOf(answer, request, path)
      return answer.json
    },
    async remove(object) {
      const { uid } = object.metadata
      const request: ClusterRequest = {
        method: 'DELETE',
        path: objectPath(object),
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
      }
      const answer = await send(request)
      if (answer.status === 404) return false
      if (answer.status >= 400) throw refusalOf(answer, request, nameOf(object))
      return true
    },
  }
}

/** What was not begun may be repeated; what was begun only when doing it twice is the same as once. */
function mayRepeat({ method }: ClusterRequest, { status }: ClusterAnswer): boolean {
  return method !== 'POST' || status === 429 || status === 503
}

async function sendOnce(
  fetch: Fetch,
  url: string,
  { method, body, contentType = 'application/json' }: ClusterRequest,
  signal: AbortSignal,
): Promise<ClusterAnswer> {
  const response = await fetch(url, {
    method,
    signal,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': contentType }, body: JSON.stringify(body) }),
  })
  return { status: response.status, json: parseJson(await response.text()) }
}

function notAnObject(server: string, { method, path }: ClusterRequest): never {
  throw new OidcLoginError(
    'api_server_response_invalid',
    `The answer of ${server} to ${method} ${path} is not what an API server answers.`,
    { hint: 'Check "server" of the cluster in the kubeconfig, and what stands in front of it.' },
  )
}

const operatorPeer: Peer = {
  ...apiServerPeer,
  afterTimeout: 'What was done so far stays; the same command goes on where it was.',
}
