import { expect, test } from 'vitest'
import { exchange } from '../testing/exchange.ts'
import { identity, userInfo } from '../testing/samples.ts'
import { auditLine } from './audit-line.ts'

const at = Date.UTC(2030, 0, 1)
const plain = { includeQuery: false }

function parsed(
  ...[more, options = plain]: [Parameters<typeof exchange>[0], typeof plain?]
): unknown {
  return JSON.parse(auditLine(exchange(more), 'ResponseComplete', at, options))
}

test('a line tells who did what, with which result', () => {
  const john = identity({ groups: ['ops'], uid: 'u-1' })
  expect(parsed({ identity: { ...john, tokenId: 'jti-1' } })).toEqual({
    time: '2030-01-01T00:00:00.000Z',
    stage: 'ResponseComplete',
    auditID: 'id-1',
    decision: 'forwarded',
    user: { username: 'john', uid: 'u-1', groups: ['ops'] },
    issuer: 'https://sso.example.com',
    tokenID: 'jti-1',
    sourceIP: '192.0.2.1',
    userAgent: 'kubectl/v1.32.0',
    method: 'GET',
    path: '/api/v1/namespaces/default/services',
    verb: 'list',
    apiGroup: '',
    apiVersion: 'v1',
    namespace: 'default',
    resource: 'services',
    code: 200,
    bytesIn: 0,
    bytesOut: 512,
    firstByteMs: 4,
    durationMs: 10,
    closeReason: 'completed',
  })
})

test('with kubectl --as a line names both users', () => {
  expect(parsed({ effectiveUser: userInfo({ username: 'jane' }) })).toMatchObject({
    user: { username: 'jane' },
    originalUser: { username: 'john' },
  })
})

test('H9 a refused request of nobody has a line, too', () => {
  const line = parsed({
    identity: undefined,
    effectiveUser: undefined,
    info: undefined,
    target: 'http://evil.example.com/',
    refusal: 'request_target_refused',
    status: 400,
    closeReason: 'refused',
  })
  expect(line).toMatchObject({ decision: 'refused', reason: 'request_target_refused', code: 400 })
  expect(line).not.toHaveProperty('user')
})

test('B4 H7 the query is left out unless it is asked for, and a token in it always', () => {
  const target = '/api/v1/namespaces/a/pods/b/exec?command=cat&command=/secret&token=abc'
  const exec = { method: 'POST', target }
  expect(JSON.stringify(parsed(exec))).not.toContain('secret')
  expect(parsed(exec, { includeQuery: true })).toMatchObject({
    path: '/api/v1/namespaces/a/pods/b/exec',
    query: 'command=cat&command=/secret&token=REDACTED',
  })
  const escaped = { method: 'GET', target: '/api?acc%65ss_tok%65n=abc&x=%zz' }
  expect(parsed(escaped, { includeQuery: true })).toMatchObject({
    query: 'acc%65ss_tok%65n=REDACTED&x=%zz',
  })
})

test('G3 a query without end keeps nobody waiting: strangers may send it', () => {
  const target = `/api?${'token'.repeat(400_000)}`
  expect(parsed({ target }, { includeQuery: true })).toMatchObject({
    query: expect.stringMatching(/^token.{4091}…$/),
  })
})

test('H7 nothing can end a line or speak to a terminal', () => {
  const line = auditLine(
    exchange({
      userAgent: 'a\r\n{"user":"admin"}\u001b[2J\u009b\u2028',
      identity: identity({ username: 'x\u2029"y' }),
    }),
    'ResponseComplete',
    at,
    plain,
  )
  expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
  expect(JSON.parse(line)).toMatchObject({
    userAgent: 'a\r\n{"user":"admin"}\u001b[2J\u009b\u2028',
    user: { username: 'x\u2029"y' },
  })
})

test('H7 a line stays short, however much is sent', () => {
  const line = auditLine(
    exchange({
      target: `/${'a'.repeat(100_000)}`,
      userAgent: 'u'.repeat(100_000),
      identity: identity({ groups: Array.from({ length: 5_000 }, (_, index) => `g${index}`) }),
    }),
    'ResponseComplete',
    at,
    plain,
  )
  expect(line.length).toBeLessThan(10_000)
  expect(JSON.parse(line)).toMatchObject({ user: { groupsOmitted: 4_900 } })
})
