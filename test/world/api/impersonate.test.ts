import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, type TestAnswer } from './test-client.ts'
import { startTestCluster, type TestCluster } from './test-cluster.ts'

const token = 'the-gateway'
const commonName = 'oidc-gateway'
const services = '/api/v1/namespaces/default/services'
const reviewPath = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster({ gateway: { token, clientCommonName: commonName } })
})
afterAll(async () => {
  await cluster.stop()
})

type Headers = Readonly<Record<string, string | string[]>>

/** Asks as whom the gateway acts. */
async function review(headers: Headers): Promise<TestAnswer> {
  const body = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' }
  return await send(cluster.api, { method: 'POST', path: reviewPath, token, headers, body })
}

describe('the gateway', () => {
  test('acts as the user, with the groups, the uid and the extra fields that it names', async () => {
    const answer = await review({
      'Impersonate-User': Buffer.from('jörg').toString('latin1'),
      'Impersonate-Group': ['developers', 'CN=a,OU=b'],
      'Impersonate-Uid': 'u-1',
      'Impersonate-Extra-Example.com%2fProject': ['one', 'two'],
    })
    expect(answer.status).toBe(201)
    expect(answer.json).toMatchObject({
      status: {
        userInfo: {
          username: 'jörg',
          uid: 'u-1',
          groups: ['developers', 'CN=a,OU=b', 'system:authenticated'],
          extra: { 'example.com/project': ['one', 'two'] },
        },
      },
    })
  })

  test('is allowed what the user is allowed, no more', async () => {
    const { api } = cluster
    const headers = { 'Impersonate-User': 'john' }
    expect(await send(api, { path: services, token, headers })).toMatchObject({ status: 200 })
    const refused = await send(api, { path: '/api/v1/pods', token, headers })
    expect(refused.json).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "john" cannot list resource "pods" in API group "" at the cluster scope',
    })
    expect(api.requests.at(-1)).toMatchObject({
      user: 'john',
      headers: { 'impersonate-user': ['john'] },
    })
  })

  test('makes a superuser of whom it puts into system:masters, as kube-apiserver does', async () => {
    const headers = { 'Impersonate-User': 'john', 'Impersonate-Group': 'system:masters' }
    const answer = await send(cluster.api, { path: '/api/v1/pods', token, headers })
    expect(answer.status).toBe(200)
  })

  test('is itself, with no rights, when it names nobody', async () => {
    const { api } = cluster
    const refused = await send(api, { path: services, token })
    expect(refused.json).toMatchObject({ code: 403, message: expect.stringContaining(commonName) })
    const empty = await send(api, { path: services, token, headers: { 'Impersonate-User': '' } })
    expect(empty.json).toMatchObject({ code: 403, message: expect.stringContaining(commonName) })
  })

  test('may show a client certificate instead of the token', async () => {
    const { api, authority } = cluster
    const certificate = await authority.issue({ commonName, client: true })
    const headers = { 'Impersonate-User': 'john' }
    const answer = await send(api, { path: services, certificate, headers })
    expect(answer.status).toBe(200)
  })

  test.each<[string, Headers]>([
    ['groups without a user', { 'Impersonate-Group': 'developers' }],
    ['a uid without a user', { 'Impersonate-Uid': 'u-1' }],
    ['extra fields without a user', { 'Impersonate-Extra-a': 'b' }],
    ['groups for an empty user', { 'Impersonate-User': '', 'Impersonate-Group': 'developers' }],
    ['two users', { 'Impersonate-User': ['john', 'jane'] }],
    ['two uids', { 'Impersonate-User': 'john', 'Impersonate-Uid': ['1', '2'] }],
    ['an empty group', { 'Impersonate-User': 'john', 'Impersonate-Group': '' }],
    ['an extra field without a key', { 'Impersonate-User': 'john', 'Impersonate-Extra-': 'x' }],
    ['a malformed key', { 'Impersonate-User': 'john', 'Impersonate-Extra-%zz': 'x' }],
    ['an unknown header', { 'Impersonate-User': 'john', 'Impersonate-Groups': 'x' }],
  ])('is refused when it sends %s', async (_, headers) => {
    const answer = await review(headers)
    expect(answer.json).toMatchObject({ code: 400, reason: 'BadRequest' })
  })
})

describe('nobody else may impersonate:', () => {
  test('not even an administrator', async () => {
    const { api, jane } = cluster
    const headers = { 'Impersonate-User': 'john' }
    const answer = await send(api, { path: services, token: jane, headers })
    expect(answer.json).toMatchObject({
      code: 403,
      message:
        'users "john" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    })
    expect(api.requests.at(-1)).toMatchObject({ user: 'jane', status: 403 })
  })

  test('nor somebody without a credential', async () => {
    const headers = { 'Impersonate-User': 'jane' }
    const answer = await send(cluster.api, { path: services, headers })
    expect(answer.status).toBe(401)
  })

  test('nor a certificate for another name, or of another authority', async () => {
    const { api, authority } = cluster
    const stranger = await startTestCluster()
    const headers = { 'Impersonate-User': 'jane' }
    const certificates = [
      await authority.issue({ commonName: 'somebody', client: true }),
      await stranger.authority.issue({ commonName, client: true }),
    ]
    for (const certificate of certificates) {
      expect(await send(api, { path: services, certificate, headers })).toMatchObject({
        status: 401,
      })
    }
    await stranger.stop()
  })

  test('nor an unknown token, nor an empty one', async () => {
    const { api } = cluster
    const headers = { 'Impersonate-User': 'jane' }
    for (const wrong of [`${token}x`, '']) {
      expect(await send(api, { path: services, token: wrong, headers })).toMatchObject({
        status: 401,
      })
    }
  })
})
