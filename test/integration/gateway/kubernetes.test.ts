import { setMaxListeners } from 'node:events'
import { expect, test } from 'vitest'
import { createReviewer, ownRequest } from '../../../src/gateway/kubernetes/index.ts'
import { userInfo } from '../../../src/gateway/testing/samples.ts'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { answering } from '../../world/gateway/scripts.ts'
import { gatewayToken } from '../../world/gateway/tokens.ts'

const patience = new AbortController().signal
const question = {
  user: userInfo({ uid: '7', groups: ['a,b', 'c'], extra: new Map([['__proto__', ['x']]]) }),
  verb: 'impersonate',
  group: '',
  version: 'v1',
  resource: 'users',
  subresource: '',
  namespace: '',
  name: 'jane',
}

async function apiThatSays(value: unknown, status = '201 Created') {
  const text = JSON.stringify(value)
  return await gatewayWith({
    script: answering(`HTTP/1.1 ${status}`, `Content-Length: ${text.length}`, '', text),
  })
}

const verdict = (status: unknown) => ({ kind: 'SubjectAccessReview', status })

test('A21 a SubjectAccessReview carries the whole user, and our credential without impersonation', async () => {
  const { recorder, upstream } = await apiThatSays(verdict({ allowed: true }))
  expect(await createReviewer(upstream).isAllowed(question, patience)).toBe(true)
  const [request] = recorder.requests
  expect(request).toMatchObject({
    method: 'POST',
    target: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
  })
  expect(request?.values('authorization')).toEqual([`Bearer ${gatewayToken}`])
  expect(request?.head.toLowerCase()).not.toContain('impersonate')
  const { user: _, ...attributes } = question
  expect(JSON.parse(String(await request?.body()))).toEqual({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: 'john',
      uid: '7',
      groups: ['a,b', 'c', 'system:authenticated'],
      extra: JSON.parse('{"__proto__":["x"]}'),
      resourceAttributes: attributes,
    },
  })
})

test.each([[{ allowed: false }], [{ allowed: true, denied: true }]])(
  'A21 %j is a no',
  async (status) => {
    const { upstream } = await apiThatSays(verdict(status))
    expect(await createReviewer(upstream).isAllowed(question, patience)).toBe(false)
  },
)

test.each([
  ['a text', verdict({ allowed: 'true' }), '201 Created'],
  ['a denial that is a text', verdict({ allowed: true, denied: 'true' }), '201 Created'],
  ['nothing', verdict({}), '201 Created'],
  ['another kind', { kind: 'Status', status: { allowed: true } }, '200 OK'],
  ['a list', [verdict({ allowed: true })], '200 OK'],
  ['a 403', verdict({ allowed: true }), '403 Forbidden'],
  ['a 401', verdict({ allowed: true }), '401 Unauthorized'],
  ['a 302', verdict({ allowed: true }), '302 Found'],
  ['a 500', verdict({ allowed: true }), '500 Error'],
])('A21 %s is no answer', async (_, answer, status) => {
  const { upstream } = await apiThatSays(answer, status)
  await expect(createReviewer(upstream).isAllowed(question, patience)).rejects.toThrow(
    /answered a SubjectAccessReview/,
  )
})

test('A21 a client that goes away takes its questions along, those that wait too', async () => {
  const { recorder, upstream } = await gatewayWith({ script: () => {} })
  const reviewer = createReviewer(upstream)
  const gone = new AbortController()
  setMaxListeners(0, gone.signal)
  const asked = Array.from({ length: 60 }, async () => reviewer.isAllowed(question, gone.signal))
  const settled = Promise.allSettled(asked)
  await recorder.arrived(50)
  gone.abort()
  expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
  await recorder.settled(0)
  expect(recorder.requests).toHaveLength(50)
})

test('an answer without an end is not kept', async () => {
  const { upstream } = await gatewayWith({
    script: answering('HTTP/1.1 200 OK', 'Content-Length: 900000000', '', 'x'.repeat(2_000_000)),
  })
  await expect(ownRequest(upstream, { path: '/version' }, patience)).rejects.toMatchObject({
    failure: 'too_large',
  })
})
