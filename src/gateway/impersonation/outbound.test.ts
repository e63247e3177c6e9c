import { expect, test } from 'vitest'
import { admit, type HeaderLine } from '../request/index.ts'
import { identity, policy, rawRequest, rules } from '../testing/samples.ts'
import { decide } from './decide.ts'
import type { Forward, PassThrough } from './decision.ts'
import { outboundLines, violation } from './outbound.ts'

const credential = { kind: 'token', token: 'gateway-credential' } as const
const context = {
  authority: 'api.example.com:6443',
  credential,
  peerAddress: '192.0.2.1',
}

function forward(headers: readonly HeaderLine[] = []): Forward {
  const request = admit(rawRequest({}, headers), rules)
  if (request.kind === 'refused') throw new Error(request.message)
  const decided = decide(request, identity({ groups: ['ops'] }), policy())
  if (decided.kind !== 'forward') throw new Error(decided.kind)
  return decided
}

test('A3 the outbound head is what may travel, then our own lines', () => {
  expect(outboundLines(forward([['Accept', 'application/json']]), context)).toEqual([
    ['Host', 'api.example.com:6443'],
    ['Accept', 'application/json'],
    ['X-Forwarded-For', '192.0.2.1'],
    ['Authorization', 'Bearer gateway-credential'],
    ['Impersonate-User', 'john'],
    ['Impersonate-Group', 'ops'],
  ])
})

test('with a client certificate no line carries a credential', () => {
  const lines = outboundLines(forward(), { ...context, credential: { kind: 'certificate' } })
  expect(lines.map(([name]) => name)).not.toContain('Authorization')
  expect(violation(lines, forward(), { kind: 'certificate' })).toBeUndefined()
})

test('A6 a good head has no violation', () => {
  const decision = forward([
    ['Accept', '*/*'],
    ['X-Forwarded-For', '203.0.113.9'],
  ])
  expect(violation(outboundLines(decision, context), decision, credential)).toBeUndefined()
})

function without(name: string): HeaderLine[] {
  return outboundLines(forward(), context).filter(([found]) => found !== name)
}

test.each<[string, readonly HeaderLine[]]>([
  ['without a user', without('Impersonate-User')],
  ['with an empty user', [...without('Impersonate-User'), ['Impersonate-User', ' ']]],
  ['with two users', [...without(''), ['impersonate-user', 'admin']]],
  ['with an underscore', [...without(''), ['Impersonate_User', 'admin']]],
  ['with a group more', [...without(''), ['Impersonate-Group', 'system:masters']]],
  ['with a group less', without('Impersonate-Group')],
  ['without our credential', without('Authorization')],
  ['with the client’s credential', [...without('Authorization'), ['Authorization', 'Bearer abc']]],
  ['with both credentials', [...without(''), ['authorization', 'Bearer abc']]],
  ['with two hosts', [...without(''), ['host', 'evil.example.com']]],
  ['with Connection', [...without(''), ['Connection', 'Impersonate-User']]],
  ['with a front-proxy identity', [...without(''), ['X-Remote-User', 'admin']]],
  ['with a cookie', [...without(''), ['Cookie', 'a=b']]],
  ['with a line end', [...without(''), ['X-A', 'a\r\nImpersonate-User: admin']]],
  ['with a malformed name', [...without(''), ['X A', '1']]],
])('A6 a head %s never goes out', (_, lines) => {
  expect(violation(lines, forward(), credential)).toBeTypeOf('string')
})

test('A6 nothing goes out as the gateway itself', () => {
  expect(violation(outboundLines(forward(), context), forward(), undefined)).toBeTypeOf('string')
})

test('a ServiceAccount token passes without our credential, and only so', () => {
  const { request } = forward()
  const passed: PassThrough = { kind: 'passthrough', request, token: 'sa-token', impersonation: [] }
  const lines = outboundLines(passed, { ...context, credential: undefined })
  expect(lines.filter(([name]) => name === 'Authorization')).toEqual([
    ['Authorization', 'Bearer sa-token'],
  ])
  expect(violation(lines, passed, undefined)).toBeUndefined()
  expect(violation(lines, passed, credential)).toBeTypeOf('string')
  expect(violation([...lines, ['Authorization', 'Bearer x']], passed, undefined)).toBeTypeOf(
    'string',
  )
})
