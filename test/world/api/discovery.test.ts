import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isJsonObject, type Json, valueAt } from './json.ts'
import { groupNames, resourceTypes } from './resources.ts'
import { send, type TestAnswer } from './test-client.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

/** john may discover everything, like anybody who is authenticated. */
async function get(path: string, accept = 'application/json'): Promise<TestAnswer> {
  return await send(cluster.api, { path, token: cluster.john, headers: { accept } })
}

test('every group and every resource can be found step by step', async () => {
  expect((await get('/api')).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
  const groups = groupNames.filter((name) => name !== '').map((name) => ({ name }))
  expect((await get('/apis')).json).toMatchObject({ kind: 'APIGroupList', groups })
  expect((await get('/apis/apps')).json).toMatchObject({
    kind: 'APIGroup',
    name: 'apps',
    preferredVersion: { groupVersion: 'apps/v1' },
  })
  expect((await get('/api/v1')).json).toMatchObject({
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: expect.arrayContaining([
      expect.objectContaining({ name: 'services', kind: 'Service', shortNames: ['svc'] }),
      expect.objectContaining({ name: 'pods/log', kind: 'Pod', verbs: ['get'] }),
    ]),
  })
  expect((await get('/apis/apps/v1')).json).toMatchObject({ resources: [{ name: 'deployments' }] })
})

test.each(['v2', 'v2beta1'])('everything can be found at once, in version %s', async (version) => {
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
  for (const [path, names] of [
    ['/api', ['']],
    ['/apis', groupNames.filter((name) => name !== '')],
  ] as const) {
    const answer = await get(path, `${type},application/json`)
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.json).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${version}`,
      items: names.map((name) => ({ metadata: { name }, versions: [{ version: 'v1' }] })),
    })
  }
})

test.each(['/api/v2', '/apis/none', '/apis/apps/v2', '/openapi/v3/apis/none/v1', '/openapi/v4'])(
  '%s does not exist',
  async (path) => {
    expect((await get(path)).json).toMatchObject({ code: 404, reason: 'NotFound' })
  },
)

test('the version is one that kubectl understands', async () => {
  expect((await get('/version')).json).toMatchObject({
    major: '1',
    gitVersion: expect.stringMatching(/^v1\.\d+\.\d/),
  })
})

describe('the OpenAPI documents', () => {
  test('are where the index says, one for each group version', async () => {
    const { json } = await get('/openapi/v3')
    const paths = valueAt(json, 'paths')
    const entries: [string, Json | undefined][] = isJsonObject(paths) ? Object.entries(paths) : []
    expect(entries).toHaveLength(groupNames.length)
    for (const [, entry] of entries) {
      const url = isJsonObject(entry) ? String(entry.serverRelativeURL) : ''
      expect((await get(url)).json).toMatchObject({ openapi: '3.0.0' })
    }
  })

  test('tell for every object that its fields are validated here', async () => {
    for (const { group, kind } of resourceTypes.filter(({ verbs }) => verbs.includes('patch'))) {
      const path = group === '' ? '/openapi/v3/api/v1' : `/openapi/v3/apis/${group}/v1`
      const paths = valueAt((await get(path)).json, 'paths')
      const patches = Object.values(isJsonObject(paths) ? paths : {}).map((item) =>
        valueAt(item, 'patch'),
      )
      expect(patches).toContainEqual(
        expect.objectContaining({
          'x-kubernetes-group-version-kind': { group, version: 'v1', kind },
          parameters: expect.arrayContaining([
            expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
          ]),
        }),
      )
    }
  })

  test('refer to schemas that they hold', async () => {
    const { text, json } = await get('/openapi/v3/api/v1')
    const schemas = valueAt(json, 'components.schemas')
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(0)
    for (const [, name = ''] of references) expect(schemas).toHaveProperty([name])
  })

  test('exist in version 2 only for the sake of an old kubectl', async () => {
    const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const answer = await get('/openapi/v2', protobuf)
    expect(answer.headers['content-type']).toBe(protobuf.replace('@', '.'))
    expect(answer.text).toBe('\n\u00032.0\u0012\u0010\n\nKubernetes\u0012\u0002v1')
    expect((await get('/openapi/v2')).json).toMatchObject({ swagger: '2.0', definitions: {} })
  })
})
