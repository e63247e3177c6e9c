import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admit, type HeaderLine } from '../request/index.ts'
import { identity, policy, rawRequest, rules } from '../testing/samples.ts'
import { decide } from './decide.ts'
import { outboundLines, violation } from './outbound.ts'

const credential = { kind: 'token', token: 'gateway-credential' } as const

const wickedName = fc.constantFrom(
  'Impersonate-User',
  'impersonate-group',
  'Impersonate_User',
  'Impersonate-Extra-a%2Fb',
  'Authorization',
  'Connection',
  'connection',
  'Proxy-Connection',
  'X-Remote-User',
  'Cookie',
  'Host',
  'Transfer-Encoding',
  'Content-Length',
  'Upgrade',
  'Accept',
)
const harmlessName = fc.constantFrom('Accept', 'X-Custom', 'If-Match')
const harmless = fc.stringMatching(/^[!-~]{0,10}$/)
const wickedValue = fc.constantFrom(
  'system:masters',
  'admin',
  'Impersonate-User, Authorization',
  'close, impersonate-user',
  'chunked',
  'websocket',
  'Bearer other',
  '',
)
const line: fc.Arbitrary<HeaderLine> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.oneof(harmlessName, wickedName), fc.oneof(harmless, wickedValue)),
  },
  { weight: 1, arbitrary: fc.tuple(fc.string(), fc.string()) },
)
const name = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z,=@é日 ]{1,12}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' john', 'system:masters', 'a\r\nImpersonate-User: b'),
  },
)
const user = fc.record({
  username: name,
  uid: fc.oneof(fc.constant(''), name),
  groups: fc.array(name, { maxLength: 3 }),
  extra: fc
    .array(fc.tuple(fc.constantFrom('a.b/c', '__proto__', 'A/b', 'a%41'), fc.array(name)), {
      maxLength: 1,
    })
    .map((entries) => new Map(entries)),
})

test('whatever comes in, what goes out is for the decided user, whole and unmixed', () => {
  let forwarded = 0
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), user, (headers, given) => {
      const request = admit(rawRequest({}, headers), rules)
      if (request.kind === 'refused') return
      const decision = decide(request, identity(given), policy())
      if (decision.kind !== 'forward') return
      forwarded += 1
      const lines = outboundLines(decision, {
        authority: 'api',
        credential,
        peerAddress: '192.0.2.1',
      })
      expect(violation(lines, decision, credential)).toBeUndefined()
      const sent = (wanted: string): string[] =>
        lines
          .filter(([name]) => name.toLowerCase().replaceAll('_', '-') === wanted)
          .map(([, value]) => Buffer.from(value, 'latin1').toString('utf8'))
      expect(sent('impersonate-user')).toEqual([given.username])
      expect(sent('impersonate-group')).toEqual([...new Set(given.groups)])
      expect(sent('authorization')).toEqual(['Bearer gateway-credential'])
      // What a reader trims or splits must come back as it was.
      expect(given.username.trim()).toBe(given.username)
      expect(given.username.startsWith('system:')).toBe(false)
      expect(given.groups).not.toContain('system:masters')
    }),
    { numRuns: 1500 },
  )
  // The attacks must not all end at the door, or nothing was tried.
  expect(forwarded).toBeGreaterThan(50)
})

test('no input makes admission or decision throw', () => {
  fc.assert(
    fc.property(
      fc.record({
        method: fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE'), fc.string()),
        target: fc.oneof(
          fc.string(),
          fc.string().map((text) => `/${text}`),
        ),
        httpVersion: fc.constantFrom('1.1', '1.0'),
        headers: fc.array(line),
        repeatsLines: fc.constant(false),
      }),
      user,
      fc.constantFrom('deny' as const, 'review' as const),
      (raw, given, nested) => {
        const request = admit(raw, rules)
        if (request.kind === 'admitted') decide(request, identity(given), policy({ nested }))
      },
    ),
    { numRuns: 1000 },
  )
})
