import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, parseJson, textAt } from './json.ts'
import { send, stream, type TestStream } from './test-client.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

/** A namespace of its own for a test, so that tests do not see each other's objects. */
async function newNamespace(name: string): Promise<string> {
  await write('POST', '/api/v1/namespaces', { kind: 'Namespace', metadata: { name } })
  return `/api/v1/namespaces/${name}/configmaps`
}

async function write(method: string, path: string, object: Readonly<Record<string, Json>>) {
  const body = { apiVersion: 'v1', ...object }
  return await send(cluster.api, { method, path, token: cluster.jane, body })
}

async function open(path: string, accept = 'application/json'): Promise<TestStream> {
  return await stream(cluster.api, { path, token: cluster.jane, headers: { accept } })
}

async function nextEvent(watching: TestStream): Promise<[type: string, name: string]> {
  const event = parseJson((await watching.next()) ?? 'null')
  return [textAt(event, 'type'), textAt(event, 'object.metadata.name')]
}

describe('a watch', () => {
  test('begins with what is there and goes on with each change', async () => {
    const path = await newNamespace('changes')
    await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'a' } })
    const watching = await open(`${path}?watch=true`)
    expect(watching.headers['transfer-encoding']).toBe('chunked')
    expect(await nextEvent(watching)).toEqual(['ADDED', 'a'])
    await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'b' } })
    expect(await nextEvent(watching)).toEqual(['ADDED', 'b'])
    await write('PUT', `${path}/b`, {
      kind: 'ConfigMap',
      metadata: { name: 'b' },
      data: { k: 'v' },
    })
    expect(await nextEvent(watching)).toEqual(['MODIFIED', 'b'])
    await write('DELETE', `${path}/b`, {})
    expect(await nextEvent(watching)).toEqual(['DELETED', 'b'])
    watching.close()
  })

  test('from a version on tells only, and all of, what came later', async () => {
    const path = await newNamespace('later')
    const first = await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'a' } })
    await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'b' } })
    const version = textAt(first.json, 'metadata.resourceVersion')
    const watching = await open(`${path}?watch=true&resourceVersion=${version}`)
    expect(await nextEvent(watching)).toEqual(['ADDED', 'b'])
    watching.close()
  })

  test('sees an object come and go as its labels begin and cease to match', async () => {
    const path = await newNamespace('labels')
    const object = (labels: Json): Readonly<Record<string, Json>> => ({
      kind: 'ConfigMap',
      metadata: { name: 'a', labels },
    })
    await write('POST', path, object({}))
    const watching = await open(`${path}?watch=true&labelSelector=on%3D1`)
    await write('PUT', `${path}/a`, object({ on: '1' }))
    expect(await nextEvent(watching)).toEqual(['ADDED', 'a'])
    await write('PUT', `${path}/a`, object({ on: '0' }))
    expect(await nextEvent(watching)).toEqual(['DELETED', 'a'])
    watching.close()
  })

  test('of one namespace says nothing of another', async () => {
    const path = await newNamespace('one')
    const other = await newNamespace('other')
    await write('POST', other, { kind: 'ConfigMap', metadata: { name: 'theirs' } })
    const watching = await open(`${path}?watch=true`)
    await write('POST', other, { kind: 'ConfigMap', metadata: { name: 'theirs-too' } })
    await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'ours' } })
    expect(await nextEvent(watching)).toEqual(['ADDED', 'ours'])
    watching.close()
  })

  test('can tell when everything that was there has been told', async () => {
    const path = await newNamespace('bookmark')
    await write('POST', path, { kind: 'ConfigMap', metadata: { name: 'a' } })
    const options = 'sendInitialEvents=true&allowWatchBookmarks=true&resourceVersion=1'
    const watching = await open(`${path}?watch=true&${options}`)
    expect(await nextEvent(watching)).toEqual(['ADDED', 'a'])
    const bookmark = parseJson((await watching.next()) ?? 'null')
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
    watching.close()
  })

  test('can tell in rows of a table', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const watching = await open('/api/v1/namespaces/default/services?watch=true', accept)
    expect(parseJson((await watching.next()) ?? 'null')).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ cells: expect.arrayContaining(['hello']) }] },
    })
    watching.close()
  })

  test('ends by itself when it is to', async () => {
    const path = await newNamespace('timeout')
    const watching = await open(`${path}?watch=true&timeoutSeconds=1`)
    expect(await watching.next()).toBeUndefined()
  })

  test('is refused from a version that is no number', async () => {
    const path = '/api/v1/services?watch=true&resourceVersion=x'
    expect(await send(cluster.api, { path, token: cluster.jane })).toMatchObject({ status: 400 })
  })
})

describe('a log', () => {
  const pod = 'hello-6d4b75cb6d-x7k2p'
  const path = `/api/v1/namespaces/default/pods/${pod}/log`

  test('is told as far as it goes', async () => {
    const answer = await send(cluster.api, { path, token: cluster.jane })
    expect(answer.text).toBe('listening on :8080\nready\n')
    expect(answer.headers['content-type']).toBe('text/plain')
  })

  test('can begin with its last lines and carry the time', async () => {
    const query = '?tailLines=1&timestamps=true'
    const answer = await send(cluster.api, { path: path + query, token: cluster.jane })
    expect(answer.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z ready\n$/)
  })

  test('is followed until its pod is gone', async () => {
    const name = 'hello-6d4b75cb6d-q9w4z'
    const other = `/api/v1/namespaces/default/pods/${name}`
    const following = await open(`${other}/log?follow=true&tailLines=0`)
    cluster.api.writeLog('default', name, 'a new line')
    expect(await following.next()).toBe('a new line')
    await write('DELETE', other, {})
    expect(await following.next()).toBeUndefined()
  })

  test.each([
    ['no such pod', '/api/v1/namespaces/default/pods/none/log', 404],
    ['no such container', `${path}?container=none`, 400],
    ['nothing before it', `${path}?previous=true`, 400],
  ])('is refused when there is %s', async (_, wanted, status) => {
    expect(await send(cluster.api, { path: wanted, token: cluster.jane })).toMatchObject({ status })
  })
})
