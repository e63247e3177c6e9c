import { expect, test } from 'vitest'
import type { Authenticator, Verdict } from '../authentication/index.ts'
import type { Decision } from '../impersonation/index.ts'
import { admit, type HeaderLine, type RawRequest } from '../request/index.ts'
import { identity, policy, rawRequest, rules } from '../testing/samples.ts'
import { createJudge } from './judge.ts'

function authenticatorOf(verdict: Verdict): Pick<Authenticator, 'authenticate'> {
  return { authenticate: async () => verdict }
}

const john = authenticatorOf({ kind: 'authenticated', identity: identity() })

async function judged(
  raw: RawRequest,
  isAllowed: (name: string) => Promise<boolean> = async () => true,
  authenticator: Pick<Authenticator, 'authenticate'> = john,
): Promise<Decision> {
  const request = admit(raw, rules)
  if (request.kind === 'refused') throw new Error(request.message)
  const judge = createJudge({
    authenticator,
    reviewer: { isAllowed: async (question) => await isAllowed(question.name) },
    policy: policy({ nested: 'review' }),
    openPaths: ['/version'],
    ownAnswer: (asked) =>
      asked.target === '/' ? { kind: 'own', status: 200, headers: [], body: 'hello' } : undefined,
  })
  return await judge.judge(request, { address: '192.0.2.1' }, () => new AbortController().signal)
}

const anonymous = (target: string, ...headers: readonly HeaderLine[]): RawRequest =>
  rawRequest({ target, headers: [['Host', 'g'], ...headers] })

test('without a credential nothing is forwarded but what is public', async () => {
  expect(await judged(anonymous('/api'))).toMatchObject({
    status: 401,
    reason: 'credential_missing',
  })
  expect(await judged(anonymous('/'))).toMatchObject({ kind: 'own', body: 'hello' })
  expect(await judged(anonymous('/version'))).toMatchObject({
    kind: 'passthrough',
    token: undefined,
    impersonation: [],
  })
  expect(await judged(anonymous('/version?x'))).toMatchObject({ status: 401 })
  expect(await judged(anonymous('/version/'))).toMatchObject({ status: 401 })
  expect(await judged(anonymous('/version', ['Impersonate-User', 'john']))).toMatchObject({
    status: 401,
  })
  expect(await judged({ ...anonymous('/version'), method: 'POST' })).toMatchObject({ status: 401 })
})

test('H4 a header never opens a path', async () => {
  const probe = anonymous(
    '/api',
    ['User-Agent', 'kube-probe/1.32'],
    ['X-Forwarded-Uri', '/version'],
  )
  expect(await judged(probe)).toMatchObject({ status: 401 })
})

test('with a credential the own pages are not answered: nothing of the API is shadowed', async () => {
  expect(await judged(rawRequest({ target: '/' }))).toMatchObject({ kind: 'forward' })
})

test('A8 a refused token ends there', async () => {
  const refused = authenticatorOf({
    kind: 'refused',
    status: 401,
    reason: 'token_expired',
    message: 'The token has expired.',
  })
  expect(await judged(rawRequest(), undefined, refused)).toMatchObject({ reason: 'token_expired' })
})

test('a ServiceAccount token passes with what its owner impersonates', async () => {
  const serviceAccount = authenticatorOf({ kind: 'service-account' })
  const raw = rawRequest({}, [['Impersonate-User', 'jane']])
  expect(await judged(raw, undefined, serviceAccount)).toMatchObject({
    kind: 'passthrough',
    token: 'abc',
    impersonation: [['Impersonate-User', 'jane']],
  })
})

const asJane = rawRequest({}, [
  ['Impersonate-User', 'jane'],
  ['Impersonate-Group', 'ops'],
])

test('A20 A21 a nested impersonation needs a yes to every question', async () => {
  expect(await judged(asJane)).toMatchObject({ kind: 'forward', user: { username: 'jane' } })
  expect(await judged(asJane, async (name) => name !== 'ops')).toMatchObject({
    status: 403,
    reason: 'impersonation_denied',
    message: 'You may not impersonate groups "ops".',
  })
  const broken = async (name: string): Promise<boolean> => {
    if (name === 'ops') throw new Error('no answer')
    return true
  }
  expect(await judged(asJane, broken)).toMatchObject({ status: 503, reason: 'review_unavailable' })
})
