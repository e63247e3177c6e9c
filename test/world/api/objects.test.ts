import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, textAt } from './json.ts'
import { send, type TestAnswer, type TestRequest } from './test-client.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

/** A request of jane, who may do everything. */
async function ask(path: string, more: Partial<TestRequest> = {}): Promise<TestAnswer> {
  return await send(cluster.api, { path, token: cluster.jane, ...more })
}

function configMap(name: string, more: Readonly<Record<string, Json>> = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { k: 'v' }, ...more }
}

async function create(name: string, more = {}): Promise<TestAnswer> {
  return await ask(configMaps, { method: 'POST', body: configMap(name, more) })
}

describe('an object', () => {
  test('is created, read, replaced, patched and deleted', async () => {
    const created = await create('life')
    expect(created.status).toBe(201)
    expect(created.json).toMatchObject({ metadata: { namespace: 'default' }, data: { k: 'v' } })

    const path = `${configMaps}/life`
    expect((await ask(path)).json).toEqual(created.json)

    const body = configMap('life', { data: { k: 'w' } })
    expect(await ask(path, { method: 'PUT', body })).toMatchObject({ status: 200 })

    const patched = await ask(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { labels: { a: 'b' } } },
    })
    expect(patched.json).toMatchObject({ metadata: { labels: { a: 'b' } }, data: { k: 'w' } })

    const deleted = await ask(path, { method: 'DELETE' })
    expect(deleted.json).toMatchObject({
      status: 'Success',
      details: { name: 'life', kind: 'configmaps' },
    })
    expect((await ask(path)).json).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "life" not found',
      details: { name: 'life', kind: 'configmaps' },
    })
  })

  test('cannot be created twice', async () => {
    await create('twice')
    expect((await create('twice')).json).toMatchObject({ code: 409, reason: 'AlreadyExists' })
  })

  test('cannot be changed on the basis of an old version', async () => {
    const { json } = await create('stale')
    const resourceVersion = textAt(json, 'metadata.resourceVersion')
    const path = `${configMaps}/stale`
    const change = (k: string): Partial<TestRequest> => ({
      method: 'PUT',
      body: configMap('stale', { metadata: { name: 'stale', resourceVersion }, data: { k } }),
    })
    expect(await ask(path, change('1'))).toMatchObject({ status: 200 })
    expect((await ask(path, change('2'))).json).toMatchObject({ code: 409, reason: 'Conflict' })
  })

  test('is not deleted when it is another than the one that was meant', async () => {
    await create('meant')
    const path = `${configMaps}/meant`
    const body = { preconditions: { uid: 'other' } }
    expect(await ask(path, { method: 'DELETE', body })).toMatchObject({ status: 409 })
    expect(await ask(path)).toMatchObject({ status: 200 })
  })

  test('is neither created nor deleted by a dry run, wherever that is asked for', async () => {
    const path = `${configMaps}/dry`
    const body = configMap('dry')
    const dry = await ask(`${configMaps}?dryRun=All`, { method: 'POST', body })
    expect(dry.status).toBe(201)
    expect(await ask(path)).toMatchObject({ status: 404 })
    await create('dry')
    await ask(`${path}?dryRun=All`, { method: 'DELETE' })
    await ask(path, { method: 'DELETE', body: { dryRun: ['All'] } })
    expect(await ask(path)).toMatchObject({ status: 200 })
  })

  test('can let the server complete its name', async () => {
    const metadata = { generateName: 'some-' }
    const { json } = await create('', { metadata })
    expect(textAt(json, 'metadata.name')).toMatch(/^some-[a-z0-9]{5}$/)
  })

  test('is refused with a field that its kind does not have, when that is asked for', async () => {
    const body = configMap('typo', { dta: {} })
    const strict = await ask(`${configMaps}?fieldValidation=Strict`, { method: 'POST', body })
    expect(strict.json).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"',
    })
    const warned = await ask(`${configMaps}?dryRun=All`, { method: 'POST', body })
    expect(warned.status).toBe(201)
    expect(warned.headers.warning).toBe('299 - "unknown field \\"dta\\""')
  })

  test.each<[string, number, Json]>([
    ['another kind', 400, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    ['another version', 400, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } }],
    ['another namespace', 400, configMap('a', { metadata: { name: 'a', namespace: 'b' } })],
    ['no object', 400, []],
    ['no name', 422, configMap('a', { metadata: {} })],
    ['a name that is none', 422, configMap('Not_A_Name')],
    ['labels that are no text', 422, configMap('a', { metadata: { name: 'a', labels: { a: 1 } } })],
  ])('is refused with %s', async (_, code, body) => {
    const answer = await ask(configMaps, { method: 'POST', body })
    expect(answer.json).toMatchObject({ kind: 'Status', code })
  })
})

test('a namespace takes its objects with it, and must exist before them', async () => {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'short' } }
  const inIt = '/api/v1/namespaces/short/configmaps'
  const add: Partial<TestRequest> = { method: 'POST', body: configMap('a') }
  expect((await ask(inIt, add)).json).toMatchObject({
    code: 404,
    message: 'namespaces "short" not found',
  })
  await ask('/api/v1/namespaces', { method: 'POST', body })
  expect(await ask(inIt, add)).toMatchObject({ status: 201 })
  await ask('/api/v1/namespaces/short', { method: 'DELETE' })
  expect((await ask(inIt)).json).toMatchObject({ items: [] })
})

describe('a list', () => {
  const pods = '/api/v1/pods'

  test('tells the kind of its items and its own version', async () => {
    const { json } = await ask('/api/v1/namespaces/default/services')
    expect(json).toMatchObject({
      kind: 'ServiceList',
      apiVersion: 'v1',
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
      items: [{ metadata: { name: 'hello' } }, { metadata: { name: 'kubernetes' } }],
    })
  })

  test('can be read page by page', async () => {
    const whole = await ask(pods)
    const first = await ask(`${pods}?limit=2`)
    expect(first.json).toMatchObject({ metadata: { remainingItemCount: 1 } })
    const token = textAt(first.json, 'metadata.continue')
    const rest = await ask(`${pods}?limit=2&continue=${token}`)
    expect(textAt(rest.json, 'metadata.continue')).toBe('')
    const itemsOf = (answer: TestAnswer): unknown[] => JSON.parse(answer.text).items
    expect([...itemsOf(first), ...itemsOf(rest)]).toEqual(itemsOf(whole))
  })

  test.each(['continue=nonsense', 'limit=-1', 'limit=many', 'labelSelector=a=b=c'])(
    'is refused with %s',
    async (query) => {
      expect(await ask(`${pods}?${query}`)).toMatchObject({ status: 400 })
    },
  )

  test('can be a table with the columns that kubectl prints', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const answer = await ask('/api/v1/namespaces/default/services', { headers: { accept } })
    expect(answer.headers['content-type']).toBe('application/json;g=meta.k8s.io;v=v1;as=Table')
    const namesOf = ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector']
    expect(answer.json).toMatchObject({
      kind: 'Table',
      columnDefinitions: namesOf.map((name) => ({ name, priority: name === 'Selector' ? 1 : 0 })),
      rows: [
        {
          cells: [
            'hello',
            'ClusterIP',
            '10.96.44.12',
            '<none>',
            '80/TCP',
            expect.any(String),
            'app=hello',
          ],
          object: { kind: 'PartialObjectMetadata', metadata: { name: 'hello' } },
        },
        { cells: expect.arrayContaining(['kubernetes', '443/TCP', '<none>']) },
      ],
    })
  })
})

test('an object with a namespace is not found without one', async () => {
  expect((await ask('/api/v1/services/hello')).json).toMatchObject({
    code: 404,
    message: 'the server could not find the requested resource',
  })
})

test.each<[string, string, number, string]>([
  ['GET', '/api/v1/namespaces/default/secrets', 404, 'NotFound'],
  ['GET', '/api/v2/namespaces/default/pods', 404, 'NotFound'],
  ['GET', '/api/v1/namespaces/default/pods/hello/exec', 404, 'NotFound'],
  ['GET', '/anything', 404, 'NotFound'],
  ['POST', '/version', 405, 'MethodNotAllowed'],
  ['DELETE', '/api/v1/namespaces/default/pods', 405, 'MethodNotAllowed'],
  ['POST', '/api/v1/configmaps', 405, 'MethodNotAllowed'],
  ['PUT', '/api/v1/namespaces/default/pods', 405, 'MethodNotAllowed'],
  ['POST', '/api/v1/namespaces/default/pods/hello', 405, 'MethodNotAllowed'],
  ['POST', '/api/v1/namespaces/default/pods/hello/log', 405, 'MethodNotAllowed'],
  ['GET', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 405, 'MethodNotAllowed'],
  ['GET', '/api/v1/namespaces/default/../kube-system/pods', 400, 'BadRequest'],
])('%s %s is answered with %i %s', async (method, path, code, reason) => {
  expect((await ask(path, { method })).json).toMatchObject({ kind: 'Status', code, reason })
})

test.each<[string, string, Json | Uint8Array, number]>([
  ['no JSON', 'application/json', '{', 400],
  ['another media type', 'application/yaml', 'a: b', 415],
  ['a kind that is not known in protobuf', 'application/vnd.kubernetes.protobuf', 'k8s\0', 415],
  ['no protobuf', 'application/vnd.kubernetes.protobuf', '{}', 400],
  ['more than 3 MiB', 'application/json', Buffer.alloc(4 * 1024 * 1024, ' '), 413],
])('a body that is %s is refused', async (_, type, body, code) => {
  const answer = await ask(configMaps, { method: 'POST', headers: { 'content-type': type }, body })
  expect(answer.json).toMatchObject({ kind: 'Status', code })
})

test('a caller who takes no JSON is refused', async () => {
  const accept = 'application/vnd.kubernetes.protobuf'
  expect(await ask('/api/v1/pods', { headers: { accept } })).toMatchObject({ status: 406 })
})
