import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { programs, sharedCluster } from '../../cluster/index.ts'
import { send, type TestAnswer } from '../../world/api/test-client.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { type Choices, manifestsOf, objectsIn } from './render.ts'

/** A configuration that needs every right there is. */
const everything = {
  credential: 'token',
  mappings: {
    uid: { claim: 'sub' },
    extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
  },
  gateway: { impersonation: { nested: 'review', sendCredentialId: true } },
} as const

const john = {
  'impersonate-user': 'oidc:john',
  'impersonate-group': ['oidc:developers', 'oidc:a', 'oidc:b', 'oidc:c', 'oidc:d'],
  'impersonate-uid': 'u-1',
  'impersonate-extra-example.com%2fteam': 'blue',
  'impersonate-extra-authentication.kubernetes.io%2fcredential-id': 'JTI=1',
  'impersonate-extra-oidc-gateway%2foriginal-user': 'oidc:jane',
}

const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

describe.skipIf(!programs)('the ServiceAccount of a gateway at a real API server', () => {
  test.each(['constrained', 'classic'] as const)(
    'may be whom its configuration says: %s',
    async (mode) => {
      const as = await installed({ ...everything, mode })
      const answer = await as(john, 'POST', reviews, review)
      expect(answer.status, answer.text).toBe(201)
      expect(Object(answer.json).status.userInfo).toMatchObject({
        username: 'oidc:john',
        uid: 'u-1',
        groups: expect.arrayContaining(['oidc:developers', 'oidc:d', 'system:authenticated']),
        extra: {
          'example.com/team': ['blue'],
          'authentication.kubernetes.io/credential-id': ['JTI=1'],
          'oidc-gateway/original-user': ['oidc:jane'],
        },
      })
      const access = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { user: 'oidc:john', nonResourceAttributes: { path: '/', verb: 'get' } },
      }
      const asked = await as(
        {},
        'POST',
        '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        access,
      )
      expect(asked.status, asked.text).toBe(201)
    },
  )

  test.each(['constrained', 'classic'] as const)('may do nothing else: %s', async (mode) => {
    const as = await installed({ ...everything, mode })
    const other = { 'impersonate-user': 'oidc:john', 'impersonate-extra-example.com%2fother': 'x' }
    const answers = [
      await as({}, 'GET', '/api/v1/secrets'),
      await as({}, 'GET', '/api/v1/namespaces/kube-system/pods'),
      await as(other, 'POST', reviews, review),
      await as(
        { 'impersonate-user': 'system:serviceaccount:kube-system:default' },
        'POST',
        reviews,
        review,
      ),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  })

  test('needs no right that a plain configuration does not use', async () => {
    const as = await installed({ credential: 'token', mode: 'constrained' })
    const { 'impersonate-user': user, 'impersonate-group': groups, ...more } = john
    const plain = { 'impersonate-user': user, 'impersonate-group': groups }
    expect((await as(plain, 'POST', reviews, review)).status).toBe(201)
    for (const [name, value] of Object.entries(more)) {
      const { status, text } = await as({ ...plain, [name]: value }, 'POST', reviews, review)
      expect(status, `${name}: ${text}`).toBe(403)
    }
  })

  test('cannot make anybody a master where its rights are constrained, and can where they are classic', async () => {
    const master = { 'impersonate-user': 'oidc:mallory', 'impersonate-group': 'system:masters' }
    const constrained = await installed({ credential: 'token', mode: 'constrained' })
    expect((await constrained(master, 'GET', '/api/v1/secrets')).status).toBe(403)
    const classic = await installed({ credential: 'token', mode: 'classic' })
    expect((await classic(master, 'GET', '/api/v1/secrets')).status).toBe(200)
  })
})

type Asking = (
  headers: Readonly<Record<string, string | readonly string[]>>,
  method: string,
  path: string,
  body?: Readonly<Record<string, unknown>>,
) => Promise<TestAnswer>

/** Applies what grants rights, and asks with the token of the ServiceAccount. */
async function installed(choices: Omit<Choices, 'namespace'>): Promise<Asking> {
  const cluster = await sharedCluster()
  const namespace = await cluster.newNamespace()
  const objects = objectsIn(await manifestsOf({ ...choices, namespace }))
  const granting = objects.filter(
    ({ kind }) => kind === 'ServiceAccount' || String(kind).startsWith('ClusterRole'),
  )
  expect(granting).toHaveLength(3)
  await cluster.apply(granting.map((object) => stringify(object)).join('---\n'))
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/oidc-gateway`
  const issued = await cluster.api.create(`${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  })
  const { token } = Object(issued).status
  const api = { url: cluster.server, certificateAuthorityPem: cluster.caPem }
  const as: Asking = async (headers, method, path, body) =>
    await send(api, {
      method,
      path,
      token,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  // The API server's authorizer hears of new roles a moment later.
  await eventually(
    async () =>
      (await as({ 'impersonate-user': 'oidc:a' }, 'POST', reviews, review)).status === 201,
  )
  return as
}
