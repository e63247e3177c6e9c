import { expect, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { gatewayCredential } from '../../../world/gateway/program.ts'
import { withLines } from '../../../world/gateway/requests.ts'

const accounts = 'https://kubernetes.default.svc'
const gateway = attackedGateway(
  `tokens: {serviceAccounts: passthrough, serviceAccountIssuers: ["${accounts}"]}
onboarding: {clusterName: test, server: "https://gateway.example.com", issuer: "https://sso.example.com", clientId: kubectl}`,
  ', openPaths: [/version]',
)

const asNobody = (start: string, ...lines: readonly string[]): string =>
  withLines(start, 'Host: x', ...lines)

test('H4 an open path is forwarded without any credential or identity', async () => {
  const before = gateway().recorder.requests.length
  expect(
    (await gateway().send(asNobody('GET /version', 'Cookie: a', 'X-Remote-User: admin')))?.status,
  ).toBe(200)
  const request = gateway()
    .recorder.requests.slice(before)
    .find(
      (one) =>
        one.values('cookie').length === 0 && !one.values('user-agent').includes('oidc-gateway'),
    )
  expect(request?.head).not.toMatch(/authorization|impersonate|remote|cookie/i)
  expect(request?.head).not.toContain(gatewayCredential)
})

test.each([
  'GET /version/',
  'GET /version?x',
  'GET /%76ersion',
  'GET /version/../api',
  'GET /Version',
  'POST /version',
  'DELETE /version',
  'GET /api',
  'GET /healthz',
  'GET /metrics',
])('H1 H4 %s is not open', async (start) => {
  await gateway().expectRefused(asNobody(start))
})

test.each([
  'User-Agent: kube-probe/1.30',
  'User-Agent: GoogleHC/1.0',
  'X-Forwarded-Uri: /version',
  'X-Original-URL: /version',
  'X-Forwarded-For: 127.0.0.1',
  'X-Forwarded-Method: OPTIONS',
])('H4 %s opens nothing', async (line) => {
  await gateway().expectRefused(asNobody('GET /api/v1/secrets', line), 401)
})

test('H4 an open path with an identity, a body or an upgrade needs a credential', async () => {
  const { expectRefused } = gateway()
  await expectRefused(asNobody('GET /version', 'Impersonate-User: system:admin'), 401)
  await expectRefused(`${asNobody('GET /version', 'Content-Length: 1')}x`, 401)
  await expectRefused(asNobody('GET /version', 'Connection: Upgrade', 'Upgrade: websocket'), 401)
})

test('H11 the own pages shadow nothing for somebody with a credential, and bad ones do not see them', async () => {
  await gateway().expectJohns(gateway().asJohn('GET /', 'Accept: text/html'))
  await gateway().expectJohns(gateway().asJohn('GET /.well-known/oidc-login'))
  await gateway().expectRefused(
    asNobody('GET /', 'Accept: text/html', 'Authorization: Bearer x'),
    401,
  )
  await gateway().expectRefused(asNobody('GET /.well-known/oidc-login', 'Impersonate-User: a'), 401)
})

test('H4 a ServiceAccount token travels alone, with what its owner impersonates and nothing of ours', async () => {
  const { token, recorder, send } = gateway()
  const account = token({ iss: accounts })
  const before = recorder.requests.length
  await send(
    asNobody(
      'GET /as-account',
      `Authorization: Bearer ${account}`,
      'Impersonate-User: jane',
      'Connection: Impersonate-User, Authorization',
      'X-Remote-User: admin',
    ),
  )
  const request = recorder.requests.slice(before).find(({ target }) => target === '/as-account')
  expect(request?.values('authorization')).toEqual([`Bearer ${account}`])
  expect(request?.values('impersonate-user')).toEqual(['jane'])
  expect(request?.head).not.toContain(gatewayCredential)
  expect(request?.values('x-remote-user')).toEqual([])
})

test('H7 H9 nobody writes a line of the audit log, and each refusal has one', async () => {
  const injected = '{"decision":"forwarded","user":{"username":"admin"}}'
  await gateway().expectRefused(
    asNobody(
      `GET /api/v1/inject?a=%0a${encodeURIComponent(injected)}`,
      `User-Agent: a\u0085${injected}`,
    ),
  )
  await gateway().program.printed(/\/api\/v1\/inject/)
  const lines = gateway().program.stdout().trimEnd().split('\n')
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  const own = lines
    .filter((line) => line.includes('/api/v1/inject'))
    .map((line) => JSON.parse(line))
  expect(own).toHaveLength(1)
  expect(own[0]).toMatchObject({ decision: 'refused', reason: 'credential_missing', code: 401 })
})

test('H8 a refusal quotes nothing of the request', async () => {
  const token = gateway().token({ preferred_username: 'system:quoted' })
  const answer = await gateway().expectRefused(
    asNobody('GET /quoted?quoted', `Authorization: Bearer ${token}`),
    403,
  )
  expect(answer?.json()).toMatchObject({ kind: 'Status', code: 403 })
  expect(answer?.body).not.toContain('quoted')
})

test('H11 a page of another origin opens no WebSocket', async () => {
  const lines = ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: https://evil.example.com']
  await gateway().expectRefused(gateway().asJohn('GET /exec', ...lines), 403)
  await gateway().expectRefused(
    gateway().asJohn('GET /exec', ...lines.slice(0, 2), 'Origin: null'),
    403,
  )
})
