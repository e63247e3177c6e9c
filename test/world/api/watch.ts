import { chooseRepresentation, mediaTypeOf, table } from './accept.ts'
import type { Answer } from './answer.ts'
import type { Cluster, ObjectCall } from './call.ts'
import type { Json } from './json.ts'
import type { KubernetesObject } from './object.ts'
import { toTable } from './read.ts'
import { isOn } from './request.ts'
import { apiVersionOf } from './resources.ts'
import { parseSelectors } from './selectors.ts'
import { badRequest } from './status.ts'
import type { Change } from './store.ts'

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/**
 * Answers with a stream of events, one JSON document a line: what changes after `resourceVersion`,
 * or, without one, first the objects there are.
 *
 * @throws {StatusError} 400 for a malformed parameter, 406 when the caller takes no JSON
 */
export function watch(call: ObjectCall, cluster: Cluster): Answer {
  const { type, namespace, request } = call
  const { query } = request
  const { store } = cluster
  const representation = chooseRepresentation(call.accept, [table])
  const selects = parseSelectors(type, query)
  const from = wholeNumber(query, 'resourceVersion')
  const timeoutSeconds = wholeNumber(query, 'timeoutSeconds')
  const wantsState = isOn(query, 'sendInitialEvents') || from === 0

  function isWatched(object: KubernetesObject | undefined): object is KubernetesObject {
    if (!object || !selects(object)) return false
    return namespace === undefined || object.metadata.namespace === namespace
  }

  function line(event: EventType, object: KubernetesObject): string {
    const { resourceVersion } = object.metadata
    const shown = representation ? toTable(call, cluster, [object], { resourceVersion }) : object
    return eventLine(event, shown)
  }

  return {
    contentType: representation ? mediaTypeOf(representation) : 'application/json;stream=watch',
    start(sink) {
      if (wantsState) {
        for (const object of store.list(type, namespace).filter(isWatched)) {
          sink.write(line('ADDED', object))
        }
      }
      if (isOn(query, 'sendInitialEvents')) sink.write(endOfState(call, store.version))
      const unfollow = store.follow(wantsState ? store.version : from, (change) => {
        if (change.type !== type) return
        const event = eventOf(change, isWatched)
        if (event) sink.write(line(...event))
      })
      const timer = timeoutSeconds > 0 ? setTimeout(sink.end, timeoutSeconds * 1000) : undefined
      return () => {
        clearTimeout(timer)
        unfollow()
      }
    },
  }
}

/** To a watcher, an object begins when it is first selected and ends when it no longer is. */
function eventOf(
  { before, after, version }: Change,
  isWatched: (object: KubernetesObject | undefined) => object is KubernetesObject,
): [EventType, KubernetesObject] | undefined {
  if (isWatched(after)) return [isWatched(before) ? 'MODIFIED' : 'ADDED', after]
  if (!isWatched(before)) return undefined
  const metadata = { ...before.metadata, resourceVersion: String(version) }
  return ['DELETED', { ...before, metadata }]
}

/** Tells a client that asked for the state as events that it has now seen all of it. */
function endOfState({ type }: ObjectCall, version: number): string {
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  return eventLine('BOOKMARK', {
    kind: type.kind,
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: String(version), creationTimestamp: null, annotations },
  })
}

function eventLine(type: EventType | 'BOOKMARK', object: Json): string {
  return `${JSON.stringify({ type, object })}\n`
}

function wholeNumber(query: URLSearchParams, parameter: string): number {
  const text = query.get(parameter) || '0'
  if (!/^\d+$/.test(text)) throw badRequest(`Invalid value: ${parameter}: ${JSON.stringify(text)}`)
  return Number(text)
}
