import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Json, valueAt } from './json.ts'
import { send, type TestAnswer } from './test-client.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

/** A review of john by himself. */
async function review(group: string, kind: string, spec: Json): Promise<TestAnswer> {
  const apiVersion = `${group}/v1`
  const path = `/apis/${apiVersion}/${kind.toLowerCase()}s`
  const body = { apiVersion, kind, spec }
  return await send(cluster.api, { method: 'POST', path, token: cluster.john, body })
}

test('tells john who he is', async () => {
  const answer = await review('authentication.k8s.io', 'SelfSubjectReview', {})
  expect(answer.status).toBe(201)
  expect(valueAt(answer.json, 'status.userInfo')).toEqual({
    username: 'john',
    groups: ['developers', 'system:authenticated'],
    extra: {},
  })
})

test.each<[Json, boolean]>([
  [{ resourceAttributes: { verb: 'list', resource: 'services' } }, true],
  [{ resourceAttributes: { verb: 'get', resource: 'services', namespace: 'a' } }, true],
  [{ resourceAttributes: { verb: 'watch', resource: 'services' } }, false],
  [{ resourceAttributes: { verb: '*', resource: 'services' } }, false],
  [{ resourceAttributes: { verb: 'get', resource: 'services', subresource: 'status' } }, false],
  [{ resourceAttributes: { verb: 'get', resource: 'services', group: 'apps' } }, false],
  [{ resourceAttributes: { verb: 'list', resource: 'pods' } }, false],
  [{ nonResourceAttributes: { verb: 'get', path: '/apis/apps' } }, true],
  [{ nonResourceAttributes: { verb: 'get', path: '/metrics' } }, false],
])('tells john of %j: %s', async (spec, allowed) => {
  const { json } = await review('authorization.k8s.io', 'SelfSubjectAccessReview', spec)
  expect(json).toMatchObject({ spec, status: { allowed } })
})

test('tells john his rules', async () => {
  const spec = { namespace: 'default' }
  const { json } = await review('authorization.k8s.io', 'SelfSubjectRulesReview', spec)
  expect(valueAt(json, 'status.resourceRules')).toContainEqual({
    verbs: ['get', 'list'],
    apiGroups: [''],
    resources: ['services'],
  })
})

test('refuses a review of nothing, and of two things', async () => {
  const both = { resourceAttributes: {}, nonResourceAttributes: {} }
  for (const spec of [{}, both]) {
    const answer = await review('authorization.k8s.io', 'SelfSubjectAccessReview', spec)
    expect(answer.status).toBe(400)
  }
})
