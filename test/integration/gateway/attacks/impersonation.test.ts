import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'

const gateway = attackedGateway()
const pods = 'GET /api/v1/pods'

test.each([
  'Impersonate-User: system:admin',
  'impersonate-group: system:masters',
  'IMPERSONATE-UID: 0',
  'Impersonate-Extra-scopes: all',
  'Impersonate_User: system:admin',
  'Impersonate_Group: system:masters',
  'impersonate-User_: admin',
  'Impersonate: admin',
  'Impersonate-Foo: x',
  'Impersonate-Extra-%zz: x',
])('A1 A2 A18 A20 A23 a good token with %s is refused, and nothing arrives', async (line) => {
  await gateway().expectRefused(gateway().asJohn(pods, line), 403)
})

test.each([
  ['two names', 'Impersonate-User: jane\r\nImpersonate-User: system:admin'],
  ['groups without a user', 'Impersonate-Group: a\r\nImpersonate-Group: system:masters'],
  ['an empty name', 'Impersonate-User:'],
])('A2 A19 impersonation with %s is refused', async (_, lines) => {
  await gateway().expectRefused(gateway().asJohn(pods, lines))
})

test.each([
  'Connection: close, Impersonate-User, Impersonate-Group',
  'connection: impersonate-user',
  'Connection: foo,\t  Impersonate-User',
  'Connection:\r\nConnection: Impersonate-User\r\nConnection: impersonate_group',
  'Connection: Authorization, Host, Audit-ID, X-Forwarded-For',
  'Connection: keep-alive, Content-Length',
  'Proxy-Connection: Impersonate-User, Authorization',
  'Connection: Impersonate-User, upgrade\r\nUpgrade-Insecure-Requests: 1',
])('A4 A5 %j takes nothing of ours away', async (lines) => {
  await gateway().expectJohns(gateway().asJohn(pods, ...lines.split('\r\n')))
})

test('A5 HTTP/1.0 changes nothing', async () => {
  const old = gateway().asJohn(pods, 'Connection: Impersonate-User').replace('HTTP/1.1', 'HTTP/1.0')
  await gateway().expectJohns(old)
})

test('A4 what Connection names of the client does not travel on', async () => {
  const request = await gateway().expectJohns(
    gateway().asJohn(pods, 'Connection: X-Secret', 'X-Secret: a', 'X-Other: b'),
  )
  expect(request.values('x-secret')).toEqual([])
  expect(request.values('x-other')).toEqual(['b'])
})

test.each([
  ['A7 no name', { preferred_username: undefined }],
  ['A7 an empty name', { preferred_username: '' }],
  ['A7 blanks', { preferred_username: ' \t ' }],
  ['A9 a name that a parser would trim', { preferred_username: 'admin ' }],
  ['A9 a group that a parser would trim', { groups: ['\tadmins'] }],
  ['A10 a line end', { preferred_username: 'a\r\nImpersonate-Group: system:masters' }],
  ['A10 a bare CR', { groups: ['a\rb'] }],
  ['A10 NUL', { preferred_username: 'admin\u0000' }],
  ['A10 a C1 control', { preferred_username: 'ad\u0085min' }],
  ['A12 too many groups', { groups: Array.from({ length: 1001 }, (_, at) => `g${at}`) }],
  ['A13 system:admin', { preferred_username: 'system:admin' }],
  ['A13 a node', { preferred_username: 'system:node:a' }],
  ['A13 a ServiceAccount', { preferred_username: 'system:serviceaccount:kube-system:x' }],
  ['A13 anonymous', { preferred_username: 'system:anonymous' }],
  ['A13 A14 system:masters', { groups: ['developers', 'system:masters'] }],
  ['A13 A14 system:nodes', { groups: ['system:nodes'] }],
  ['A15 a name that is not in NFC', { preferred_username: 'Jose\u0301' }],
])('%s in a well-signed token is refused', async (_, claims) => {
  const bytes = gateway()
    .asJohn(pods)
    .replace(/Bearer \S+/, `Bearer ${gateway().token(claims)}`)
  await gateway().expectRefused(bytes)
})

test.each(['José', '日本', '🙂', '\u202eevil'])(
  'A10 the name %j arrives as its own bytes and nobody else’s',
  async (name) => {
    const { recorder, send, token, asJohn } = gateway()
    const before = recorder.requests.length
    const bearer = `Bearer ${token({ preferred_username: name, groups: [`${name},x`, 'g2'] })}`
    await send(asJohn('GET /names').replace(/Bearer \S+/, bearer))
    const request = recorder.requests.slice(before).find(({ target }) => target === '/names')
    const utf8 = (value: string): string => Buffer.from(value, 'latin1').toString('utf8')
    expect(request?.values('impersonate-user').map(utf8)).toEqual([name])
    expect(request?.values('impersonate-group').map(utf8)).toEqual([`${name},x`, 'g2'])
  },
)

test('A26 two people with one name of two tokens are never mixed up by what is remembered', async () => {
  const { send, token, asJohn, recorder } = gateway()
  for (const groups of [['a'], ['b'], ['a'], ['b']]) {
    await send(asJohn('GET /cache').replace(/Bearer \S+/, `Bearer ${token({ groups })}`))
    const last = recorder.requests.filter(({ target }) => target === '/cache').at(-1)
    expect(last?.values('impersonate-group')).toEqual(groups)
  }
})
