import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send, stream } from './api/test-client.ts'
import { claimsOf, startTestCluster, type TestCluster } from './api/test-cluster.ts'
import { startApiServer } from './api-server.ts'
import { createAuthority } from './certificates.ts'

const services = '/api/v1/namespaces/default/services'
const unauthorized = { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 }

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

describe('a bearer token', () => {
  test('of the trusted provider is accepted', async () => {
    const { api, john } = cluster
    expect(await send(api, { path: services, token: john })).toMatchObject({ status: 200 })
  })

  const second = 1000
  const now = Date.now() / second
  test.each([
    ['that has expired', { exp: Math.floor(now) - 1 }],
    ['without an expiry', { exp: undefined }],
    ['that is not valid yet', { nbf: Math.floor(now) + 600 }],
    ['for another audience', { aud: 'another' }],
    ['without an audience', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example.com' }],
    ['without a user name', { preferred_username: undefined }],
    ['with an empty user name', { preferred_username: '' }],
    ['whose groups are no text', { groups: [1] }],
  ])('%s is refused', async (_, claims) => {
    const { api, issuer } = cluster
    const token = await issuer.sign({ ...claimsOf('john', 'developers'), ...claims })
    const answer = await send(api, { path: services, token })
    expect(answer.json).toMatchObject(unauthorized)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="kubernetes", error="invalid_token"',
    )
  })

  test('with a changed signature is refused', async () => {
    const { api, john } = cluster
    const [header, payload, signature = ''] = john.split('.')
    const changed = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    const answer = await send(api, { path: services, token: [header, payload, changed].join('.') })
    expect(answer.status).toBe(401)
  })

  test('without a signature is refused', async () => {
    const { api, john } = cluster
    const header = Buffer.from('{"alg":"none"}').toString('base64url')
    const answer = await send(api, { path: services, token: `${header}.${john.split('.')[1]}.` })
    expect(answer.status).toBe(401)
  })

  test('given twice, or in another scheme, is refused', async () => {
    const { api, john } = cluster
    const authorization = [`Bearer ${john}`, `Bearer ${john}`]
    const twice = await send(api, { path: services, headers: { authorization } })
    const basic = await send(api, { path: services, headers: { authorization: 'Basic am9objpq' } })
    expect([twice.status, basic.status]).toEqual([401, 401])
  })

  test('signed with a new key of the provider is accepted: the keys are fetched again', async () => {
    const own = await startTestCluster()
    expect(await send(own.api, { path: services, token: own.john })).toMatchObject({ status: 200 })
    await own.issuer.rotate()
    const token = await own.issuer.sign(claimsOf('john', 'developers'))
    expect(await send(own.api, { path: services, token })).toMatchObject({ status: 200 })
    expect(await send(own.api, { path: services, token: own.john })).toMatchObject({ status: 401 })
    await own.stop()
  })

  test('of a provider whose certificate is not trusted is refused', async () => {
    const { issuer } = cluster
    const authority = await createAuthority()
    const stranger = await createAuthority()
    const api = await startApiServer({
      authority,
      oidc: {
        issuer: issuer.issuer,
        certificateAuthorityPem: stranger.certPem,
        clientId: 'kubernetes',
      },
    })
    expect(await send(api, { path: services, token: cluster.john })).toMatchObject({ status: 401 })
    await api.stop()
  })

  test('of a provider that calls itself by another name is refused', async () => {
    const { authority } = cluster
    const issuer = cluster.issuer.issuer.replace('127.0.0.1', 'localhost')
    const oidc = { issuer, certificateAuthorityPem: authority.certPem, clientId: 'kubernetes' }
    const api = await startApiServer({ authority, oidc })
    const token = await cluster.issuer.sign({ ...claimsOf('john', 'developers'), iss: issuer })
    expect(await send(api, { path: services, token })).toMatchObject({ status: 401 })
    expect(api.requests).toMatchObject([
      { problem: 'the provider calls itself by another issuer URL' },
    ])
    await api.stop()
  })

  test('is refused by a server that trusts no provider', async () => {
    const api = await startApiServer({ authority: cluster.authority })
    expect(await send(api, { path: services, token: cluster.john })).toMatchObject({ status: 401 })
    await api.stop()
  })
})

test('without a credential only probes and the version are answered', async () => {
  const { api } = cluster
  for (const path of ['/healthz', '/livez', '/readyz', '/version']) {
    expect(await send(api, { path })).toMatchObject({ status: 200 })
  }
  for (const path of ['/api', services, '/anything']) {
    const answer = await send(api, { path })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="kubernetes"')
  }
})

test('a user claim and a groups claim can be chosen', async () => {
  const { authority, issuer } = cluster
  const api = await startApiServer({
    authority,
    oidc: {
      issuer: issuer.issuer,
      certificateAuthorityPem: authority.certPem,
      clientId: 'kubernetes',
      usernameClaim: 'email',
      groupsClaim: 'roles',
    },
    rules: [{ groups: ['viewers'], apiGroups: [''], resources: ['services'], verbs: ['list'] }],
  })
  const roles = 'viewers'
  const email = 'john@example.com'
  const token = await issuer.sign({ email, email_verified: true, roles })
  const unverified = await issuer.sign({ email, email_verified: false, roles })
  expect(await send(api, { path: services, token })).toMatchObject({ status: 200 })
  expect(await send(api, { path: services, token: unverified })).toMatchObject({ status: 401 })
  expect(api.requests).toMatchObject([{ user: email }, { user: undefined }])
  await api.stop()
})

describe('john', () => {
  const notInNamespace = 'in API group "" in the namespace "default"'
  test.each([
    [
      'GET',
      '/api/v1/namespaces/default/pods',
      `pods is forbidden: User "john" cannot list resource "pods" ${notInNamespace}`,
      { kind: 'pods' },
    ],
    [
      'GET',
      '/api/v1/namespaces/default/pods/web/log',
      `pods "web" is forbidden: User "john" cannot get resource "pods/log" ${notInNamespace}`,
      { kind: 'pods', name: 'web' },
    ],
    [
      'GET',
      `${services}?watch=true`,
      `services is forbidden: User "john" cannot watch resource "services" ${notInNamespace}`,
      { kind: 'services' },
    ],
    [
      'GET',
      `${services}?watch=true&fieldSelector=metadata.name%3Dhello`,
      `services "hello" is forbidden: User "john" cannot watch resource "services" ${notInNamespace}`,
      { kind: 'services', name: 'hello' },
    ],
    [
      'DELETE',
      `${services}/hello`,
      `services "hello" is forbidden: User "john" cannot delete resource "services" ${notInNamespace}`,
      { kind: 'services', name: 'hello' },
    ],
    [
      'GET',
      '/api/v1/namespaces',
      'namespaces is forbidden: User "john" cannot list resource "namespaces" in API group "" at the cluster scope',
      { kind: 'namespaces' },
    ],
    [
      'GET',
      '/apis/apps/v1/namespaces/default/deployments',
      'deployments.apps is forbidden: User "john" cannot list resource "deployments" in API group "apps" in the namespace "default"',
      { kind: 'deployments', group: 'apps' },
    ],
    ['GET', '/anything', 'forbidden: User "john" cannot get path "/anything"', {}],
  ])('is told in the words of kube-apiserver that %s %s is forbidden', async (...row) => {
    const [method, path, message, details] = row
    const answer = await send(cluster.api, { method, path, token: cluster.john })
    expect(answer.status).toBe(403)
    expect(answer.json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'Forbidden',
      details,
      code: 403,
    })
  })

  test('reads services everywhere', async () => {
    const { api, john: token } = cluster
    expect(await send(api, { path: '/api/v1/services', token })).toMatchObject({ status: 200 })
    expect(await send(api, { path: `${services}/hello`, token })).toMatchObject({ status: 200 })
  })
})

test('a rule for one namespace holds in no other and not in all of them', async () => {
  const own = await startTestCluster({
    rules: [
      {
        users: ['john'],
        apiGroups: ['*'],
        resources: ['*'],
        verbs: ['list'],
        namespaces: ['kube-system'],
      },
    ],
  })
  const statusOf = async (path: string): Promise<number> =>
    (await send(own.api, { path, token: own.john })).status
  expect(await statusOf('/api/v1/namespaces/kube-system/pods')).toBe(200)
  expect(await statusOf('/api/v1/namespaces/default/pods')).toBe(403)
  expect(await statusOf('/api/v1/pods')).toBe(403)
  await own.stop()
})

describe('the record of requests', () => {
  test('tells who asked for what, and how it ended', async () => {
    const own = await startTestCluster({ now: () => 1_800_000_000_000 - 1 })
    const token = await own.issuer.sign({ ...claimsOf('john', 'developers'), exp: 1_800_000_000 })
    await send(own.api, { path: `${services}?limit=1`, token })
    await send(own.api, { path: '/api/v1/pods', token })
    await send(own.api, { path: services, token: 'nonsense' })
    expect(own.api.requests).toMatchObject([
      { method: 'GET', path: `${services}?limit=1`, user: 'john', status: 200, problem: undefined },
      { user: 'john', status: 403, at: 1_800_000_000_000 - 1 },
      { user: undefined, status: 401, problem: 'Invalid Compact JWS' },
    ])
    await own.stop()
  })

  test('holds no credential', async () => {
    const own = await startTestCluster()
    const headers = { 'sec-websocket-protocol': `base64url.${own.john}`, cookie: own.john }
    await send(own.api, { path: services, token: own.john, headers })
    await send(own.api, { path: services, token: `${own.john}x` })
    expect(own.api.requests).toHaveLength(2)
    expect(own.api.requests[0]?.headers.authorization).toEqual(['(hidden)'])
    expect(JSON.stringify(own.api.requests)).not.toContain(own.john)
    await own.stop()
  })
})

test('stopping ends requests that are under way', async () => {
  const own = await startTestCluster()
  const watching = await stream(own.api, { path: `${services}?watch=true`, token: own.jane })
  expect(await watching.next()).toContain('ADDED')
  expect(await watching.next()).toContain('ADDED')
  const cut = expect(watching.next()).rejects.toThrow()
  await own.stop()
  await cut
  await expect(send(own.api, { path: '/livez' })).rejects.toThrow()
})
