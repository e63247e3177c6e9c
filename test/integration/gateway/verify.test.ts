import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  type GatewayRun,
  type GatewayWorld,
  gatewayWorld,
  startGatewayProgram,
} from '../../world/gateway/program.ts'
import { type ArrivedRequest, startRecorder } from '../../world/gateway/recorder.ts'

interface Finding {
  readonly name: string
  readonly verdict: string
  readonly message: string
}

/** Runs `verify` as John, with a file that holds what `get-token` prints. */
async function verifying(
  world: GatewayWorld,
  port: number,
  ...options: readonly string[]
): Promise<GatewayRun> {
  const token = await world.issuer.sign({ preferred_username: 'john', groups: ['developers'] })
  const tokenFile = join(world.folder, 'john.json')
  writeFileSync(tokenFile, JSON.stringify({ kind: 'ExecCredential', status: { token } }))
  return startGatewayProgram([
    'verify',
    `--server=https://localhost:${port}`,
    `--certificate-authority=${world.caFile}`,
    `--token-file=${tokenFile}`,
    '--watch-seconds=1',
    ...options,
  ])
}

async function findingsOf(run: GatewayRun): Promise<ReadonlyMap<string, Finding>> {
  await run.ended
  const { checks } = JSON.parse(run.stdout())
  return new Map(checks.map((finding: Finding) => [finding.name, finding]))
}

test('verify finds a good gateway good: John gets in, and nobody else does', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const run = await verifying(
    world,
    gateway.port,
    '--may=list services -n default',
    '--may=get services hello -n default',
    '--may-not=list pods -n default',
    '--may-not=create deployments.apps -n default',
  )
  expect((await run.ended).exitCode, run.stdout()).toBe(0)
  const said = run.stdout()
  expect(said).toMatch(/^ok +identity +The API server sees "john", groups developers\.$/m)
  expect(said).toMatch(/^ok +may list services -n default +Allowed \(200\)\.$/m)
  expect(said).toMatch(/^ok +may-not list pods -n default +Denied: pods is forbidden: User "john"/m)
  expect(said).toMatch(/^ok +may-not create deployments\.apps .*SelfSubjectAccessReview/m)
  expect(said).toMatch(/^ok +no-token +Refused with 401\.$/m)
  expect(said).toMatch(/^ok +forged-token +Refused with 401\.$/m)
  expect(said).toMatch(/^ok +as +--as is refused with 403/m)
  expect(said.match(/^ok +attack /gm)).toHaveLength(11)
  expect(said).toMatch(/^\d+ checks: \d+ ok, 1 warning, 0 failed, 3 skipped\.$/m)
  expect(said).toMatch(
    /^warning +connection +TLSv1\.3; the certificate is trusted and lasts until/m,
  )
  expect(said + run.stderr()).not.toMatch(/eyJ[\w-]{8,}/)
})

test('verify watches for as long as it is told', async () => {
  const world = await gatewayWorld([
    { users: ['john'], apiGroups: [''], resources: ['services'], verbs: ['list', 'watch'] },
  ])
  const gateway = await world.serve()
  const run = await verifying(world, gateway.port, '--may=list services -n default')
  expect((await run.ended).exitCode, run.stdout()).toBe(0)
  expect(run.stdout()).toMatch(/^ok +watch +It stayed open for \d/m)
})

test('`checks_failed` a right that is missing, and one too many, are failures of verify', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const options = ['--may=list pods', '--may-not=list services -n default', '--output=json']
  const run = await verifying(world, gateway.port, ...options)
  expect((await run.ended).exitCode).toBe(1)
  expect(run.stderr()).toContain('2 checks failed.')
  const findings = await findingsOf(run)
  expect(findings.get('may list pods')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('User "john" cannot list resource "pods"'),
  })
  expect(findings.get('may-not list services -n default')?.verdict).toBe('failed')
  expect(findings.get('identity')?.verdict).toBe('ok')
})

test('a proxy that lets everybody become anybody is found out by every attack', async () => {
  const world = await gatewayWorld()
  const { certPem, keyPem } = await world.authority.issue({ commonName: 'gateway' })
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    request.resume().on('end', () => {
      const { headersDistinct: headers } = request
      const username = headers['impersonate-user']?.[0] ?? headers['x-remote-user']?.[0] ?? 'john'
      const isDropped = /impersonate-user/i.test(headers.connection?.join() ?? '')
      const userInfo = { username: isDropped ? 'gateway' : username, groups: [] }
      response.end(JSON.stringify({ status: { userInfo } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const options = ['--may=list services -n default', '--watch-seconds=3600', '--output=json']
  const run = await verifying(world, port, ...options)
  expect((await run.ended).exitCode).toBe(1)
  const findings = await findingsOf(run)
  const verdict = (name: string) => findings.get(name)?.verdict
  expect(verdict('no-token')).toBe('failed')
  expect(findings.get('watch')?.message).toMatch(/^It was cut after /)
  expect(verdict('forged-token')).toBe('failed')
  expect(verdict('as')).toBe('failed')
  expect(verdict('may-not list secrets -n kube-system')).toBe('failed')
  for (const name of ['impersonate-lines', 'front-proxy-lines', 'paths', 'second-authorization']) {
    expect(verdict(`attack ${name}`), name).toBe('failed')
  }
  expect(findings.get('attack connection-header')?.message).toContain('became "gateway"')
})

test('exec and port-forward are tried through the gateway when a pod is named', async () => {
  const world = await gatewayWorld()
  const recorder = await startRecorder(world.authority, async (request) => await playPod(request))
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, recorder.url)
  writeFileSync(world.configFile, text)
  const gateway = await world.serve()
  const run = await verifying(
    world,
    gateway.port,
    '--pod=default/hello/app',
    '--port=8080',
    '--output=json',
  )
  const findings = await findingsOf(run)
  expect(findings.get('exec')).toMatchObject({ verdict: 'ok' })
  expect(findings.get('port-forward')).toMatchObject({ verdict: 'ok' })
  const targets = recorder.requests.map(({ target }) => target)
  expect(targets).toContainEqual(
    expect.stringMatching(/pods\/hello\/exec\?command=echo&.*&container=app$/),
  )
  const upgrades = recorder.requests.filter(({ target }) => target.includes('/pods/hello/'))
  expect(upgrades.map(({ values }) => values('impersonate-user'))).toEqual([['john'], ['john']])
})

test('a port on which nobody listens, and a pod without "echo", are failures', async () => {
  const world = await gatewayWorld()
  const recorder = await startRecorder(world.authority, async (request) => {
    await playPod(request, [
      [frame(3, '{"status":"Failure","message":"executable file not found"}')],
      [frame(0, '\x90\x1f'), frame(1, '\x90\x1f'), frame(1, 'connection refused')],
    ])
  })
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, recorder.url)
  writeFileSync(world.configFile, text)
  const gateway = await world.serve()
  const options = ['--pod=default/hello', '--port=8080', '--output=json']
  const findings = await findingsOf(await verifying(world, gateway.port, ...options))
  expect(findings.get('exec')?.message).toContain('executable file not found')
  expect(findings.get('port-forward')).toMatchObject({
    verdict: 'failed',
    message: 'Port 8080 of the pod did not open: connection refused.',
  })
})

test('a node that knows only the tunnel of kubectl is tried by that', async () => {
  const world = await gatewayWorld()
  const recorder = await startRecorder(world.authority, async (request) => {
    const isChannels = request.values('sec-websocket-protocol')[0] === 'v4.channel.k8s.io'
    if (!isChannels) return await playPod(request)
    request.takeOver()
    request.socket.end('HTTP/1.1 406 Not Acceptable\r\nContent-Length: 0\r\n\r\n')
  })
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, recorder.url)
  writeFileSync(world.configFile, text)
  const gateway = await world.serve()
  const options = ['--pod=default/hello', '--port=8080', '--output=json']
  const findings = await findingsOf(await verifying(world, gateway.port, ...options))
  expect(findings.get('port-forward')).toMatchObject({
    verdict: 'ok',
    message: expect.stringContaining('port 8080 itself was not tried'),
  })
})

test('a gateway that is not there is one failure, and the rest is skipped', async () => {
  const world = await gatewayWorld()
  const run = await verifying(world, 1)
  expect((await run.ended).exitCode).toBe(1)
  expect(run.stdout()).toMatch(
    /^FAILED +connection +localhost:1 cannot be reached \(ECONNREFUSED\)/m,
  )
  expect(run.stdout()).toMatch(/checks: 0 ok, 0 warnings, 1 failed, \d+ skipped\.$/m)
})

test.each([
  ['--server=http://localhost', 'The option --server is not https://HOST.'],
  ['--may=services', 'The value of --may is no access.'],
  ['--pod=hello', 'The option --pod is not namespace/name.'],
  ['--port=0', 'The option --port is not a number.'],
])('verify %s is refused', async (option, message) => {
  const run = startGatewayProgram(
    ['verify', ...(option.startsWith('--server') ? [] : ['--server=https://localhost']), option],
    { OIDC_GATEWAY_TOKEN: 'a.b.c' },
  )
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toContain(message)
})

/** Plays an API server with one pod, over WebSockets; everything else is John's review. */
async function playPod(
  request: ArrivedRequest,
  [exec, portForward]: Frames = goodFrames,
): Promise<void> {
  const { socket, target, values } = request
  if (values('upgrade')[0] !== 'websocket') {
    await request.body()
    const user = { username: 'john', groups: ['developers'] }
    const text = JSON.stringify({ status: { userInfo: user } })
    socket.write(`HTTP/1.1 201 Created\r\nContent-Length: ${text.length}\r\n\r\n${text}`)
    return
  }
  request.takeOver()
  const key = `${values('sec-websocket-key')[0]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${values('sec-websocket-protocol')[0]}\r\n\r\n`,
  )
  for (const bytes of target.includes('/exec?') ? exec : portForward) socket.write(bytes)
}

function frame(channel: number, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text, 'latin1')])
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload])
}

/** What a pod says to exec, and to port-forward of 8080. */
type Frames = readonly [exec: readonly Buffer[], portForward: readonly Buffer[]]

const goodFrames: Frames = [
  [frame(1, 'oidc-gateway-verify\n'), frame(3, '{"status":"Success"}')],
  [frame(0, '\x90\x1f'), frame(1, '\x90\x1f')],
]
