import { expect, onTestFinished, test } from 'vitest'
import { createAuthority } from '../../world/certificates.ts'
import { gatewayWith } from '../../world/gateway/gateway-with.ts'
import { connectRaw } from '../../world/gateway/raw-client.ts'
import { asJohn, withLines } from '../../world/gateway/requests.ts'
import { watching } from '../../world/gateway/scripts.ts'
import { tokens } from '../../world/gateway/tokens.ts'

const serviceAccount = `Authorization: Bearer ${tokens.serviceAccount}`

test('a token that is passed on travels alone: without our credential, as it is', async () => {
  const gateway = await gatewayWith()
  await gateway.send(asJohn('GET /api'))
  await gateway.send(
    withLines('GET /api', 'Host: x', serviceAccount, 'Impersonate-User: system:masters'),
  )
  const [ours, theirs] = gateway.recorder.requests
  expect(theirs?.values('authorization')).toEqual([`Bearer ${tokens.serviceAccount}`])
  expect(theirs?.values('impersonate-user')).toEqual(['system:masters'])
  expect(theirs?.connection).not.toBe(ours?.connection)
  expect(await gateway.ended(2)).toMatchObject({ isPassthrough: true, identity: undefined })
})

test('B14 our client certificate is part of no connection that carries a token of others', async () => {
  const gateway = await gatewayWith()
  const { certPem, keyPem } = await gateway.authority.issue({ commonName: 'gateway', client: true })
  gateway.upstream.replace({
    ...gateway.upstream.access(),
    credential: { kind: 'certificate', certificate: certPem, key: keyPem },
  })
  await gateway.send(asJohn('GET /api'))
  await gateway.send(withLines('GET /api', 'Host: x', serviceAccount))
  const lines = ['Connection: Upgrade', 'Upgrade: SPDY/3.1']
  for (const credential of [`Authorization: Bearer ${tokens.john}`, serviceAccount]) {
    const client = await gateway.connect()
    client.write(withLines('POST /exec', 'Host: x', credential, ...lines))
    await gateway.recorder.arrived(gateway.recorder.requests.length + 1)
  }
  expect(gateway.recorder.requests.map(({ clientName }) => clientName)).toEqual([
    'gateway',
    undefined,
    'gateway',
    undefined,
  ])
  expect(gateway.recorder.requests[0]?.values('authorization')).toEqual([])
})

test('H12 H13 a renewed certificate, and another authority, count from the next connection on', async () => {
  const gateway = await gatewayWith()
  const before = gateway.upstream.access()
  const use = async (name: string): Promise<void> => {
    const { certPem, keyPem } = await gateway.authority.issue({ commonName: name, client: true })
    const credential = { kind: 'certificate', certificate: certPem, key: keyPem } as const
    gateway.upstream.replace({ ...before, credential })
    await gateway.send(asJohn(`GET /${name}`))
    const upgrade = asJohn(`POST /${name}/exec`, 'Connection: Upgrade', 'Upgrade: SPDY/3.1')
    await gateway.send(upgrade)
  }
  await use('first')
  await use('renewed')
  const { certPem } = await createAuthority()
  gateway.upstream.replace({ ...gateway.upstream.access(), certificateAuthority: certPem })
  expect((await gateway.send(asJohn('GET /stranger'))).status).toBe(503)
  gateway.upstream.replace(before)
  await gateway.send(asJohn('GET /token'))
  expect(gateway.recorder.requests.map(({ clientName }) => clientName)).toEqual([
    'first',
    'first',
    'renewed',
    'renewed',
    undefined,
  ])
})

test('H12 a new credential is used at once, and no connection of the old one gets a new request', async () => {
  const source = watching()
  const gateway = await gatewayWith({
    script: async (request) => {
      if (request.target.includes('watch')) return await source.script(request)
      request.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    },
  })
  const watcher = await gateway.connect()
  watcher.write(asJohn('GET /api/v1/pods?watch=1'))
  await watcher.until('\r\n\r\n')
  await gateway.send(asJohn('GET /old'))
  gateway.upstream.replace({
    ...gateway.upstream.access(),
    credential: { kind: 'token', token: 'renewed' },
  })
  await gateway.recorder.settled(1)
  await gateway.send(asJohn('GET /new'))
  const renewed = gateway.recorder.requests.find(({ target }) => target === '/new')
  expect(renewed?.values('authorization')).toEqual(['Bearer renewed'])
  const { send } = await source.begun()
  send('{}\n')
  await watcher.until('{}\n')
  watcher.destroy()
  await gateway.recorder.settled(1)
})

test.each([
  [
    'an authority that is not ours',
    async () => ({ certificateAuthority: (await createAuthority()).certPem }),
  ],
  ['another name', async () => ({ serverName: 'elsewhere.example.com' })],
])('H12 H13 an API server of %s gets nothing, whatever the environment says', async (_, change) => {
  const gateway = await gatewayWith()
  setEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY: 'http://127.0.0.1:1' })
  gateway.upstream.replace({ ...gateway.upstream.access(), ...(await change()) })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.status).toBe(503)
  expect(response.json()).toMatchObject({
    details: { causes: [{ reason: 'upstream_unreachable' }] },
  })
  const upgrade = asJohn('POST /exec', 'Connection: Upgrade', 'Upgrade: SPDY/3.1')
  expect((await gateway.send(upgrade)).status).toBe(503)
  expect(gateway.recorder.requests).toHaveLength(0)
})

test('H12 the name in the certificate may be another than the host', async () => {
  const gateway = await gatewayWith()
  gateway.upstream.replace({ ...gateway.upstream.access(), serverName: 'localhost' })
  expect((await gateway.send(asJohn('GET /api'))).status).toBe(200)
})

test('another certificate is shown to new connections; open ones go on', async () => {
  const gateway = await gatewayWith()
  const before = await gateway.connect()
  const { certPem, keyPem } = await gateway.authority.issue({
    commonName: 'renewed',
    hosts: ['localhost'],
  })
  gateway.proxy.replaceCertificate({ certificate: certPem, key: keyPem })
  const after = await connectRaw(gateway)
  expect(before.socket.getPeerCertificate().subject.CN).toBe('gateway')
  expect(after.socket.getPeerCertificate().subject.CN).toBe('renewed')
  before.write(asJohn('GET /api'))
  expect((await before.response()).status).toBe(200)
})

test('a request is sent once more only when it changes nothing and its connection was stale', async () => {
  const plan = ['answer', 'cut', 'answer', 'cut']
  const gateway = await gatewayWith({
    script: ({ socket }) => {
      if (plan.shift() === 'cut') socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    },
  })
  expect((await gateway.send(asJohn('GET /first'))).status).toBe(200)
  expect((await gateway.send(asJohn('GET /second'))).status).toBe(200)
  expect(gateway.recorder.requests.map(({ target }) => target)).toEqual([
    '/first',
    '/second',
    '/second',
  ])
  const post = asJohn('POST /third', 'Content-Length: 0')
  expect((await gateway.send(post)).status).toBe(502)
  expect(gateway.recorder.requests.map(({ target }) => target).slice(3)).toEqual(['/third'])
})

test('D8 an API server that does not listen is a 503 that may be tried again', async () => {
  const gateway = await gatewayWith()
  gateway.upstream.replace({ ...gateway.upstream.access(), server: 'https://127.0.0.1:1' })
  const response = await gateway.send(asJohn('GET /api'))
  expect(response.status).toBe(503)
  expect(response.values('retry-after')).toEqual(['1'])
  expect(await gateway.ended(1)).toMatchObject({
    refusal: 'upstream_unreachable',
    closeReason: 'upstream_failed',
  })
})

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  onTestFinished(() => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  })
}
