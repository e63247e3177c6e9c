import { expect, test } from 'vitest'
import type { UserInfo } from '../identity/index.ts'
import { admit, type HeaderLine } from '../request/index.ts'
import { identity, policy, rawRequest, rules } from '../testing/samples.ts'
import { decide } from './decide.ts'

function decision(
  user: Partial<UserInfo>,
  changes: Parameters<typeof policy>[0] = {},
  headers: readonly HeaderLine[] = [],
): ReturnType<typeof decide> {
  const request = admit(rawRequest({}, headers), rules)
  if (request.kind === 'refused') throw new Error(request.message)
  return decide(request, identity(user), policy(changes))
}

function linesOf(
  user: Partial<UserInfo>,
  changes: Parameters<typeof policy>[0] = {},
): HeaderLine[] {
  const decided = decision(user, changes)
  if (decided.kind !== 'forward') throw new Error(decided.kind)
  return [...decided.impersonation]
}

function refusalOf(...given: Parameters<typeof decision>): string {
  const decided = decision(...given)
  return decided.kind === 'refused' ? `${decided.status} ${decided.reason}` : decided.kind
}

test('an identity becomes one line a value', () => {
  const extra = new Map([['example.com/team', ['red', 'blue']]])
  expect(linesOf({ username: 'john', uid: 'u-1', groups: ['a', 'b'], extra })).toEqual([
    ['Impersonate-User', 'john'],
    ['Impersonate-Uid', 'u-1'],
    ['Impersonate-Group', 'a'],
    ['Impersonate-Group', 'b'],
    ['Impersonate-Extra-example.com%2Fteam', 'red'],
    ['Impersonate-Extra-example.com%2Fteam', 'blue'],
  ])
})

test('A11 A12 groups with commas stay whole, and double ones become one', () => {
  expect(linesOf({ groups: ['CN=a,OU=b', 'g', 'g'] })).toEqual([
    ['Impersonate-User', 'john'],
    ['Impersonate-Group', 'CN=a,OU=b'],
    ['Impersonate-Group', 'g'],
  ])
})

test.each(['José', '日本', '🙂', 'a\u2028b', '\u202eevil'])(
  'A10 the name %j arrives as its UTF-8 bytes',
  (username) => {
    const [[, value = ''] = []] = linesOf({ username })
    expect(Buffer.from(value, 'latin1').toString('utf8')).toBe(username)
  },
)

test.each([
  ['A7 an empty name', { username: '' }],
  ['A7 a blank name', { username: ' \t' }],
  ['A9 a leading blank', { username: ' admin' }],
  ['A9 a trailing blank', { username: 'admin ' }],
  ['A9 a trailing tab in a group', { groups: ['admins\t'] }],
  ['A9 a blank in a uid', { uid: ' 1' }],
  ['A10 CR LF', { username: 'a\r\nImpersonate-Group: system:masters' }],
  ['A10 NUL', { groups: ['a\0b'] }],
  ['A10 C1', { username: 'a\u0085b' }],
  ['A10 half a surrogate pair', { username: 'a\ud800' }],
  ['A12 an empty group', { groups: [''] }],
  ['A15 a name that is not in NFC', { username: 'Jose\u0301' }],
  ['A16 an upper-case key', { extra: new Map([['Example.com/A', ['x']]]) }],
  ['A16 a key with a percent sign', { extra: new Map([['example.com/%41', ['x']]]) }],
  ['A16 a key with a line end', { extra: new Map([['example.com/a\r\n', ['x']]]) }],
])('%s is refused', (_, user) => {
  expect(refusalOf(user)).toBe('403 identity_unrepresentable')
})

test('A12 too many groups and too many bytes are refused', () => {
  const groups = Array.from({ length: 11 }, (_, index) => `group-${index}`)
  expect(refusalOf({ groups }, { maxGroups: 10 })).toBe('403 identity_unrepresentable')
  expect(refusalOf({ groups }, { maxHeaderBytes: 100 })).toBe('403 identity_unrepresentable')
})

test('A15 a name that is not in NFC passes where the policy says so, unchanged', () => {
  expect(linesOf({ username: 'Jose\u0301' }, { requireNfc: false })[0]?.[1]).toBe(
    'Jose\u00cc\u0081',
  )
})

test.each([
  ['system:admin'],
  ['system:masters'],
  ['system:serviceaccount:kube-system:default'],
  ['system:node:node-1'],
  ['system:anonymous'],
  ['system:authenticated'],
])('A13 the user name %s is refused', (username) => {
  expect(refusalOf({ username })).toBe('403 identity_reserved')
})

test.each(['system:masters', 'system:nodes', 'system:serviceaccounts', 'system:unauthenticated'])(
  'A13 A14 the group %s is refused, not dropped',
  (group) => {
    expect(refusalOf({ groups: ['developers', group] })).toBe('403 identity_reserved')
  },
)

test('A13 a reserved group passes when it is allowed by name, a user name never does', () => {
  const allowed = { allowedReservedGroups: ['system:monitoring', 'system:admin'] }
  expect(linesOf({ groups: ['system:monitoring', 'system:authenticated'] }, allowed)).toHaveLength(
    3,
  )
  expect(refusalOf({ groups: ['system:masters'] }, allowed)).toBe('403 identity_reserved')
  expect(refusalOf({ username: 'system:admin' }, allowed)).toBe('403 identity_reserved')
})

test('A13 further names can be reserved', () => {
  const changes = { reservedUsers: ['admin'], reservedGroups: ['kubeadm:cluster-admins'] }
  expect(refusalOf({ username: 'admin' }, changes)).toBe('403 identity_reserved')
  expect(refusalOf({ groups: ['kubeadm:cluster-admins'] }, changes)).toBe('403 identity_reserved')
})

test.each([
  'kubernetes.io/x',
  'authentication.kubernetes.io/pod-name',
  'k8s.io/a',
  'oidc-gateway/original-user',
])('A16 A22 the extra key %s never comes from a provider', (key) => {
  expect(refusalOf({ extra: new Map([[key, ['x']]]) })).toBe('403 identity_reserved')
})

test('A16 the id of the token is passed on only where the policy says so', () => {
  const extra = new Map([['authentication.kubernetes.io/credential-id', ['JTI=1']]])
  expect(linesOf({ extra })).toHaveLength(1)
  expect(linesOf({ extra }, { sendCredentialId: true })[1]).toEqual([
    'Impersonate-Extra-authentication.kubernetes.io%2Fcredential-id',
    'JTI=1',
  ])
})

test('A2 A20 whoever impersonates is refused by default, whatever the header', () => {
  const headers: HeaderLine[] = [['Impersonate-Group', 'system:masters']]
  expect(refusalOf({}, {}, headers)).toBe('403 impersonation_denied')
  expect(refusalOf({}, {}, [['Impersonate-User', 'jane']])).toBe('403 impersonation_denied')
  expect(refusalOf({}, {}, [['Impersonate-Foo', 'x']])).toBe('403 impersonation_denied')
})

const review = { nested: 'review' } as const

test.each<[string, readonly HeaderLine[]]>([
  [
    'A19 two users',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-User', 'b'],
    ],
  ],
  [
    'A19 two uids',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Uid', '1'],
      ['Impersonate-Uid', '2'],
    ],
  ],
  ['A20 a group without a user', [['Impersonate-Group', 'g']]],
  ['A20 an empty user', [['Impersonate-User', '']]],
  [
    'A18 a malformed key',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Extra-%zz', 'x'],
    ],
  ],
  [
    'A17 two spellings of a key',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Extra-foo%2Fbar', 'x'],
      ['Impersonate-Extra-%66oo%2FBAR', 'y'],
    ],
  ],
  [
    'A23 an unknown header',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Foo', 'x'],
    ],
  ],
  [
    'A23 an extra without a key',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Extra-', 'x'],
    ],
  ],
  [
    'A22 our own key',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Extra-oidc-gateway%2Foriginal-user', 'x'],
    ],
  ],
  [
    'A12 an empty group',
    [
      ['Impersonate-User', 'a'],
      ['Impersonate-Group', ''],
    ],
  ],
])('%s in a nested impersonation is malformed', (_, headers) => {
  expect(refusalOf({}, review, headers)).toBe('400 impersonation_malformed')
})

test('A20 A21 a nested impersonation asks what the API server would ask, about the whole requester', () => {
  const decided = decision({ groups: ['ops'], uid: 'u-1' }, review, [
    ['Impersonate-User', 'system:serviceaccount:apps:builder'],
    ['Impersonate-Group', 'system:masters'],
    ['Impersonate-Uid', '42'],
    ['Impersonate-Extra-acme.com%2Fproject', 'x'],
  ])
  if (decided.kind !== 'forward-if-allowed') throw new Error(decided.kind)
  const asked = decided.questions.map(
    (q) => `${q.verb} ${q.group}/${q.resource}/${q.subresource} ${q.namespace}/${q.name}`,
  )
  expect(asked).toEqual([
    'impersonate /serviceaccounts/ apps/builder',
    'impersonate /groups/ /system:masters',
    'impersonate authentication.k8s.io/userextras/acme.com/project /x',
    'impersonate authentication.k8s.io/uids/ /42',
  ])
  expect(decided.questions.map((q) => q.user.groups)).toEqual(Array(4).fill(['ops']))
})

test('A20 a name that only looks like a ServiceAccount is a user', () => {
  for (const name of [
    'system:serviceaccount:apps',
    'system:serviceaccount:A:b',
    'system:serviceaccount:a:b:c',
  ]) {
    const decided = decision({}, review, [['Impersonate-User', name]])
    if (decided.kind !== 'forward-if-allowed') throw new Error(decided.kind)
    expect(decided.questions[0]).toMatchObject({ resource: 'users', name })
  }
})

test('A13 A21 a forged group of the requester is refused before anything is asked', () => {
  expect(refusalOf({ groups: ['system:masters'] }, review, [['Impersonate-User', 'jane']])).toBe(
    '403 identity_reserved',
  )
})

test('A22 who really asked is told in an extra attribute', () => {
  const decided = decision({ groups: ['ops'] }, review, [['Impersonate-User', 'jane']])
  if (decided.kind !== 'forward-if-allowed') throw new Error(decided.kind)
  expect(decided.forward.impersonation).toEqual([
    ['Impersonate-User', 'jane'],
    ['Impersonate-Extra-oidc-gateway%2Foriginal-user', '{"username":"john","groups":["ops"]}'],
  ])
})

test('A21 more questions than a request may cost are not asked', () => {
  const groups = Array.from({ length: 70 }, (_, n): HeaderLine => ['Impersonate-Group', `g${n}`])
  expect(refusalOf({}, review, [['Impersonate-User', 'jane'], ...groups])).toBe(
    '403 impersonation_denied',
  )
})
