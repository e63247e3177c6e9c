import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimsOf, startTestCluster, type TestCluster } from '../../world/api/test-cluster.ts'
import { createAuthority } from '../../world/certificates.ts'
import { startConnectProxy } from '../../world/connect-proxy.ts'
import { startLoopbackServer } from '../../world/provider-server.ts'
import { type StoredSession, storeSession } from '../../world/sessions.ts'
import { computer, stopped } from '../../world/world.ts'
import { examine } from './examine.ts'
import { writeKubeconfigOf } from './kubeconfig-of.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startTestCluster()
})
afterAll(async () => {
  await cluster.stop()
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What is said of the API server when a session with this token is stored. */
async function ask(
  token: string,
  entry: Readonly<Record<string, unknown>> = {},
  session: Partial<StoredSession> = {},
) {
  const john = await computer()
  const { issuer } = cluster.issuer
  await storeSession(john.sessions, { issuer, token, refreshToken: 'a-refresh-token', ...session })
  const { url, certificateAuthorityPem } = cluster.api
  const data = base64(certificateAuthorityPem)
  writeKubeconfigOf(john, {
    args: [
      `--oidc-issuer-url=${issuer}`,
      '--oidc-client-id=kubernetes',
      `--certificate-authority-data=${base64(cluster.authority.certPem)}`,
    ],
    cluster: { server: url, 'certificate-authority-data': data, ...entry },
  })
  const examined = await examine(john)
  expect(JSON.stringify(examined.checks).includes(token), 'the token').toBe(false)
  return { said: examined.of('api-server'), exitCode: examined.exitCode }
}

/** Something that answers in the place of the API server. */
async function answering(status: number, body: unknown) {
  const tls = await cluster.authority.issue({ commonName: 'kubernetes' })
  const other = await startLoopbackServer(
    async (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    },
    { tls },
  )
  return { server: stopped(other).origin }
}

test('the API server tells whom it sees', async () => {
  const { said } = await ask(cluster.john)
  expect(said).toEqual({
    name: 'api-server',
    verdict: 'ok',
    message: `The API server ${cluster.api.url} sees the user "john" in the groups: developers, system:authenticated.`,
  })
})

test('`token_not_accepted`: the claims that matter and the flags are shown', async () => {
  const token = await cluster.issuer.sign({
    ...claimsOf('john', 'developers'),
    aud: ['kubernetes', 'other'],
    exp: 1_000_000_000,
    email: 'john@example.com',
  })
  const { said, exitCode } = await ask(token)
  expect(said).toMatchObject({
    verdict: 'failed',
    message: `The API server ${cluster.api.url} does not accept the token (status 401).`,
    remedy: expect.stringContaining('AuthenticationConfiguration'),
    details: expect.arrayContaining([
      `  iss: ${cluster.issuer.issuer}`,
      '  aud: kubernetes, other',
      '  exp: 1000000000 (2001-09-09T01:46:40.000Z)',
      '  preferred_username: john',
      '  email: john@example.com',
      '  groups: developers',
      `  --oidc-issuer-url=${cluster.issuer.issuer}`,
      '  --oidc-client-id=kubernetes',
      '  --oidc-username-claim=preferred_username',
      '  --oidc-username-prefix=-',
      '  --oidc-groups-claim=groups',
      '  --oidc-ca-file=FILE',
    ]),
  })
  expect(exitCode).toBe(1)
})

test('an algorithm that an API server does not take by default is among the flags', async () => {
  const payload = { iss: cluster.issuer.issuer, aud: 'kubernetes', sub: 'a', exp: 4_000_000_000 }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { said } = await ask(`${part({ alg: 'ES256' })}.${part(payload)}.c2ln`)
  expect(said.details).toContain('  --oidc-signing-algs=ES256')
  expect(said.details).toContain('  --oidc-username-claim=sub')
})

test('an opaque token is named as such', async () => {
  const { said } = await ask('opaque-token')
  expect(said).toMatchObject({
    verdict: 'failed',
    remedy: expect.stringContaining('--oidc-use-access-token'),
  })
})

test('`review_forbidden`: a token whose bearer may not ask is accepted all the same', async () => {
  const message = 'User "john" cannot create resource "selfsubjectreviews"'
  const { said } = await ask(cluster.john, await answering(403, { kind: 'Status', message }))
  expect(said).toMatchObject({ verdict: 'ok', message: expect.stringContaining(message) })
})

test('`api_server_too_old`: nothing can be asked before Kubernetes 1.28', async () => {
  const { said } = await ask(cluster.john, await answering(404, { kind: 'Status', message: 'no' }))
  expect(said).toMatchObject({ verdict: 'skipped', message: expect.stringContaining('1.28') })
})

test('`api_server_unavailable`: an API server that is overloaded is told apart', async () => {
  const { said } = await ask(
    cluster.john,
    await answering(503, { kind: 'Status', message: 'busy' }),
  )
  expect(said).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('is unavailable: busy'),
    remedy: 'Try again in a moment.',
  })
})

test('`api_server_response_invalid`: something else than an API server is told apart', async () => {
  const { said } = await ask(cluster.john, await answering(200, 'Welcome'))
  expect(said).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('does not work as a Kubernetes API server'),
    remedy: expect.stringContaining('load balancers'),
  })
})

test('`api_server_untrusted`: the authority of the cluster is the only one', async () => {
  const stranger = await createAuthority()
  const entry = { 'certificate-authority-data': base64(stranger.certPem) }
  const { said } = await ask(cluster.john, entry)
  expect(said).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('is not trusted'),
    remedy: expect.stringContaining('"certificate-authority" of the cluster'),
  })
})

test('`api_server_unreachable`: a server that is not there is told apart', async () => {
  const { said } = await ask(cluster.john, { server: 'https://127.0.0.1:9' })
  expect(said).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('nothing listens there'),
    remedy: expect.stringContaining('the URL of the API server'),
  })
})

test('the way of the cluster entry is taken: its proxy and its server name', async () => {
  const proxy = stopped(await startConnectProxy())
  const server = cluster.api.url.replace('127.0.0.1', 'api.corp.test')
  const entry = { server, 'proxy-url': proxy.url, 'tls-server-name': 'localhost' }
  const { said } = await ask(cluster.john, entry)
  expect(said).toMatchObject({ verdict: 'ok', message: expect.stringContaining('"john"') })
  expect(proxy.tunnels).toEqual([new URL(server).host])
})

test('a token that has ended is not shown to the API server', async () => {
  const before = cluster.api.requests.length
  const past = { refreshAt: Date.now() - 2_000, expiresAt: Date.now() - 1_000 }
  const { said } = await ask(cluster.john, {}, past)
  expect(said).toMatchObject({ verdict: 'skipped', message: expect.stringContaining('has ended') })
  expect(cluster.api.requests).toHaveLength(before)
})

test('a token for another client is not shown to the API server', async () => {
  const token = await cluster.issuer.sign({ ...claimsOf('john', 'developers'), azp: 'other' })
  const before = cluster.api.requests.length
  const { said, exitCode } = await ask(token)
  expect(said).toMatchObject({ verdict: 'skipped', message: expect.stringContaining('"session"') })
  expect(cluster.api.requests).toHaveLength(before)
  expect(exitCode).toBe(1)
})

test('without a session, and without a context that uses it, nothing is asked', async () => {
  const john = await computer()
  writeKubeconfigOf(john, {
    args: [`--oidc-issuer-url=${cluster.issuer.issuer}`, '--oidc-client-id=kubernetes'],
    cluster: { server: cluster.api.url },
  })
  expect((await examine(john)).of('api-server')).toMatchObject({
    verdict: 'skipped',
    message: expect.stringContaining('no token to show'),
  })
  const other = [`--oidc-issuer-url=${cluster.issuer.issuer}`, '--oidc-client-id=other']
  expect((await examine(john, other)).of('api-server')).toMatchObject({
    verdict: 'skipped',
    message: expect.stringContaining('No context of the kubeconfig uses this session'),
  })
})
