import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimsOf, startTestCluster, type TestCluster } from '../../test/world/api/test-cluster.ts'
import { createAuthority } from '../../test/world/certificates.ts'
import { startConnectProxy } from '../../test/world/connect-proxy.ts'
import { temporaryFolder } from '../../test/world/folder.ts'
import { startLoopbackServer } from '../../test/world/provider-server.ts'
import { testSystem } from '../../test/world/system.ts'
import { stopped } from '../../test/world/world.ts'
import { OidcLoginError } from '../errors.ts'
import { kubeconfigFiles, readKubeconfig } from '../kubeconfig/index.ts'
import { type ApiServer, apiServerOf, selfSubjectReview } from './index.ts'

let cluster: TestCluster
let stranger: ApiServer
beforeAll(async () => {
  cluster = await startTestCluster()
  stranger = { ...server(), certificateAuthorities: [(await createAuthority()).certPem] }
})
afterAll(async () => {
  await cluster.stop()
})

function server(): ApiServer {
  const { url, certificateAuthorityPem } = cluster.api
  return { url, certificateAuthorities: [certificateAuthorityPem] }
}

async function ask(changes: Partial<ApiServer> = {}, token = cluster.john) {
  const review = { token, timeoutMs: 10_000 }
  return await selfSubjectReview(testSystem().system, { ...server(), ...changes }, review)
}

/** How a question was refused, and the assurance that no token is quoted. */
async function refusal(question: Promise<unknown>) {
  const error = await question.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof OidcLoginError)) throw new Error('it was not refused')
  const { code, message, hint = '' } = error
  expect((message + hint).includes(cluster.john), 'the token was quoted').toBe(false)
  return { code, message, hint }
}

/** Something else on this computer that speaks TLS, and answers the given bodies in turn. */
async function answering(...answers: readonly { status: number; body: unknown }[]) {
  const tls = await cluster.authority.issue({ commonName: 'kubernetes' })
  const paths: string[] = []
  const other = await startLoopbackServer(
    async (request, response) => {
      const { status, body } = answers[paths.length] ?? { status: 500, body: '' }
      paths.push(request.url ?? '')
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    },
    { tls },
  )
  return { url: stopped(other).origin, paths }
}

const reviewed = (userInfo: unknown) => ({
  kind: 'SelfSubjectReview',
  apiVersion: 'authentication.k8s.io/v1',
  status: { userInfo },
})
const notFound = { status: 404, body: { kind: 'Status', message: 'not found', code: 404 } }

describe('an API server that trusts the provider', () => {
  test('tells whom it sees', async () => {
    expect(await ask()).toEqual({
      username: 'john',
      uid: undefined,
      groups: ['developers', 'system:authenticated'],
      extra: {},
    })
  })

  test('is found by its cluster entry, whose file is relative to the kubeconfig', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'ca.pem'), cluster.api.certificateAuthorityPem)
    const entry = { server: `${cluster.api.url}/`, 'certificate-authority': 'ca.pem' }
    const path = join(folder, 'config')
    writeFileSync(path, JSON.stringify({ clusters: [{ name: 'one', cluster: entry }] }))
    const { system } = testSystem()
    const [found] = readKubeconfig(system, kubeconfigFiles(system, path)).clusters
    if (found === undefined) throw new Error('no cluster')
    const review = { token: cluster.john, timeoutMs: 10_000 }
    const user = await selfSubjectReview(system, apiServerOf(system, found), review)
    expect(user.username).toBe('john')
  })

  test('is reached through a proxy, by a name that only the proxy knows', async () => {
    const proxy = stopped(await startConnectProxy())
    const url = cluster.api.url.replace('127.0.0.1', 'api.corp.test')
    const user = await ask({ url, proxyUrl: proxy.url, tlsServerName: 'localhost' })
    expect(user.username).toBe('john')
    expect(proxy.tunnels).toEqual([new URL(url).host])
  })

  test('keeps the path of its URL', async () => {
    const { url, paths } = await answering({ status: 201, body: reviewed({ username: 'jane' }) })
    expect(await ask({ url: `${url}/k8s/clusters/one/` })).toMatchObject({ username: 'jane' })
    expect(paths).toEqual(['/k8s/clusters/one/apis/authentication.k8s.io/v1/selfsubjectreviews'])
  })

  test('is asked for the beta when it does not know v1', async () => {
    const { url, paths } = await answering(notFound, {
      status: 201,
      body: reviewed({ username: 'jane', extra: { scopes: ['a'] } }),
    })
    expect(await ask({ url })).toMatchObject({ username: 'jane', extra: { scopes: ['a'] } })
    expect(paths).toEqual([
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews',
    ])
  })
})

describe('which side has failed is told', () => {
  test('when the token is not accepted', async () => {
    const expired = await cluster.issuer.sign({ ...claimsOf('john', 'developers'), exp: 1 })
    expect(await refusal(ask({}, expired))).toMatchObject({
      code: 'token_not_accepted',
      message: `The API server ${cluster.api.url} does not accept the token (status 401).`,
      hint: expect.stringContaining('audience'),
    })
  })

  test('when its certificate is not trusted: the authority of the cluster is the only one', async () => {
    expect(await refusal(ask(stranger))).toMatchObject({
      code: 'api_server_untrusted',
      hint: expect.stringContaining('"certificate-authority" of the cluster'),
    })
    const { username } = await ask({ ...stranger, insecureSkipTlsVerify: true })
    expect(username).toBe('john')
  })

  test('when its certificate is for another name', async () => {
    expect(await refusal(ask({ tlsServerName: 'other.example.com' }))).toMatchObject({
      code: 'api_server_untrusted',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    })
    expect(await ask({ tlsServerName: '::1' })).toMatchObject({ username: 'john' })
  })

  test('when nothing listens there', async () => {
    const { origin, stop } = await startLoopbackServer(async () => undefined, {})
    await stop()
    const url = origin.replace('http:', 'https:')
    expect(await refusal(ask({ url }))).toMatchObject({
      code: 'api_server_unreachable',
      message: expect.stringContaining('nothing listens there'),
      hint: expect.stringContaining('the URL of the API server'),
    })
  })

  test('when it is plain http, where no token is sent', async () => {
    const url = cluster.api.url.replace('https:', 'http:')
    expect(await refusal(ask({ url }))).toMatchObject({ code: 'api_server_untrusted' })
  })

  test.each([
    ['a proxy that refuses', { refuses: { status: 403 } }, 'proxy_refused', /NO_PROXY\.$/],
    ['a proxy that cannot', { refuses: { status: 502 } }, 'api_server_unreachable', /API server/],
  ] as const)('when it is %s', async (_, options, code, hint) => {
    const proxy = stopped(await startConnectProxy(options))
    const url = 'https://api.corp.test'
    expect(await refusal(ask({ url, proxyUrl: proxy.url }))).toMatchObject({
      code,
      hint: expect.stringMatching(hint),
    })
  })

  test('when its proxy is of a kind that is not supported', async () => {
    const wanted = { url: 'https://api.corp.test', proxyUrl: 'socks5://localhost:1080' }
    expect(await refusal(ask(wanted))).toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining(
        '"proxy-url" of the cluster in the kubeconfig names a socks5',
      ),
    })
  })

  const status = (code: number, message: string) => ({
    status: code,
    body: { kind: 'Status', message, code },
  })
  test.each<[string, { status: number; body: unknown }[], string, RegExp]>([
    [
      'the right to ask is gone',
      [status(403, 'User "john" cannot create resource')],
      'review_forbidden',
      /accepts the token.*User "john" cannot create resource\.$/,
    ],
    ['it is too old', [notFound, notFound], 'api_server_too_old', /Kubernetes 1\.28/],
    ['it is overloaded', [status(429, 'slow\ndown')], 'api_server_unavailable', /slow down/],
    ['its balancer has lost it', [{ status: 503, body: '<p>' }], 'api_server_unavailable', /503/],
    ['it is a login page', [{ status: 302, body: '' }], 'api_server_response_invalid', /302/],
    [
      'it is a web site',
      [
        { status: 404, body: '<p>' },
        { status: 404, body: '<p>' },
      ],
      'api_server_response_invalid',
      /404/,
    ],
    ['it says nothing', [{ status: 200, body: 'hello' }], 'api_server_response_invalid', /no Self/],
    [
      'it names nobody',
      [{ status: 201, body: reviewed({ username: '' }) }],
      'api_server_response_invalid',
      /names no user/,
    ],
    [
      'its groups are no texts',
      [{ status: 201, body: reviewed({ username: 'john', groups: [1] }) }],
      'api_server_response_invalid',
      /"groups"/,
    ],
    [
      'the token got lost on the way',
      [{ status: 201, body: reviewed({ username: 'system:anonymous' }) }],
      'token_not_accepted',
      /it saw none/,
    ],
  ])('when %s', async (_, answers, code, message) => {
    const { url } = await answering(...answers)
    expect(await refusal(ask({ url }))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('when the token is no bearer token', async () => {
    expect(await refusal(ask({}, 'two\nlines'))).toMatchObject({ code: 'token_invalid' })
  })
})

describe('a cluster entry is refused', () => {
  const entry = { name: 'one', path: '/kubeconfig' }
  test.each([
    ['without a server', {}, 'kubeconfig_invalid'],
    ['with a file that is not there', { certificateAuthority: '/not/there' }, 'file_unreadable'],
    [
      'with data that are no certificate',
      { certificateAuthorityData: 'eA==' },
      'certificate_invalid',
    ],
  ])('%s', async (name, fields, code) => {
    const given = name === 'without a server' ? {} : { server: 'https://127.0.0.1' }
    const read = async () => apiServerOf(testSystem().system, { ...entry, ...given, ...fields })
    expect(await refusal(read())).toMatchObject({ code })
  })
})
