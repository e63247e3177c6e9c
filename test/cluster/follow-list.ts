import { setTimeout as sleep } from 'node:timers/promises'
import { itemsAt, type Json, textAt, valueAt } from '../world/api/json.ts'
import type { TestStream } from '../world/api/test-client.ts'
import type { ApiClient } from './api-client.ts'

/** A list that is being followed. */
export interface FollowedList {
  stop(): void
}

/**
 * Follows a list, as controllers do: reads it, watches it, and begins again when the API server was away.
 *
 * @param path of the list, with a query, for example `/api/v1/pods?fieldSelector=spec.nodeName%3Dmine`
 * @param changed gets all objects, at the beginning and whenever one of them has changed
 */
export function followList(
  api: ApiClient,
  path: string,
  changed: (objects: readonly Json[]) => void,
): FollowedList {
  let isStopped = false
  let current: TestStream | undefined

  async function once(): Promise<void> {
    const list = await api.get(path)
    const objects = new Map(itemsAt(list, 'items').map((object) => [uidOf(object), object]))
    changed([...objects.values()])
    const version = textAt(list, 'metadata.resourceVersion')
    current = await api.stream(`${path}&watch=true&resourceVersion=${version}`)
    for (let line = await current.next(); line !== undefined; line = await current.next()) {
      if (isStopped) return
      const event: Json = JSON.parse(line)
      const object = valueAt(event, 'object')
      const type = textAt(event, 'type')
      if (object === undefined || type === 'ERROR') return
      if (type === 'DELETED') objects.delete(uidOf(object))
      else objects.set(uidOf(object), object)
      changed([...objects.values()])
    }
  }

  async function always(): Promise<void> {
    while (!isStopped) {
      // The API server may be away, and comes back.
      await once().catch(() => undefined)
      await sleep(100)
    }
  }
  void always()
  return {
    stop() {
      isStopped = true
      current?.close()
    },
  }
}

function uidOf(object: Json): string {
  return textAt(object, 'metadata.uid')
}
