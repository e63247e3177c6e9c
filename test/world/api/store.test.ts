import { expect, test } from 'vitest'
import type { ObjectDraft } from './object.ts'
import { findResourceType, type ResourceType } from './resources.ts'
import { type Change, createStore } from './store.ts'

const now = Date.parse('2026-01-01T00:00:00.789Z')
const configMaps = typeOf('configmaps')

function typeOf(resource: string): ResourceType {
  const type = findResourceType('', 'v1', resource)
  if (!type) throw new Error('there is no such type')
  return type
}

function draft(name: string, data: string, namespace = 'default'): ObjectDraft {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { k: data } }
}

test('a new object gets a uid, a version and the time of its creation, and keeps uid and time', () => {
  let time = now
  const store = createStore(() => time)
  const created = store.save(configMaps, draft('a', '1'))
  expect(created.metadata.creationTimestamp).toBe('2026-01-01T00:00:00Z')
  time += 60_000
  const changed = store.save(configMaps, draft('a', '2'))
  expect(changed.metadata).toEqual({
    ...created.metadata,
    resourceVersion: String(Number(created.metadata.resourceVersion) + 1),
  })
})

test('a change that changes nothing makes no new version', () => {
  const store = createStore(() => now)
  store.save(configMaps, draft('a', '1'))
  const { version } = store
  store.save(configMaps, draft('a', '1'))
  expect(store.version).toBe(version)
})

test('a list holds one namespace or all, never another type or a namespace with a longer name', () => {
  const store = createStore(() => now)
  store.save(configMaps, draft('b', '1'))
  store.save(configMaps, draft('a', '1'))
  store.save(configMaps, draft('a', '1', 'default-2'))
  store.save(typeOf('pods'), draft('p', '1'))
  const namesOf = (namespace?: string): string[] =>
    store
      .list(configMaps, namespace)
      .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
  expect(namesOf('default')).toEqual(['default/a', 'default/b'])
  expect(namesOf()).toHaveLength(3)
  expect(namesOf('def')).toEqual([])
})

test('a follower hears of what it missed and then of what happens, until it leaves', () => {
  const store = createStore(() => now)
  const first = store.save(configMaps, draft('a', '1'))
  const heard: Change[] = []
  const leave = store.follow(0, (change) => heard.push(change))
  store.remove(configMaps, 'default', 'a')
  store.remove(configMaps, 'default', 'a')
  leave()
  store.save(configMaps, draft('b', '1'))
  expect(heard).toMatchObject([
    { before: undefined, after: first },
    { before: first, after: undefined },
  ])
})

test('a follower that starts at a version does not hear of it again', () => {
  const store = createStore(() => now)
  store.save(configMaps, draft('a', '1'))
  const heard: Change[] = []
  store.follow(store.version, (change) => heard.push(change))
  expect(heard).toEqual([])
})
