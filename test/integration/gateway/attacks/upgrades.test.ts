import { expect, onTestFinished, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { okScript, type Script } from '../../../world/gateway/recorder.ts'
import { withLines } from '../../../world/gateway/requests.ts'

const gateway = attackedGateway()
const exec = 'GET /api/v1/namespaces/default/pods/a/exec?command=id'
const webSocket = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
const smuggled = 'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n'

function playing(script: Script): void {
  gateway().recorder.play(script)
  onTestFinished(() => gateway().recorder.play(okScript))
}

test.each(['h2c', 'TLS/1.0', 'websocket, h2c', 'SPDY/2', 'HTTP/2.0', 'websocket/13', ''])(
  'F1 an upgrade to %j is refused, and nothing behind it arrives',
  async (protocol) => {
    const lines = [
      'Connection: Upgrade, HTTP2-Settings',
      `Upgrade: ${protocol}`,
      'HTTP2-Settings: AA',
    ]
    await gateway().expectRefused(gateway().asJohn('GET /api', ...lines) + smuggled)
  },
)

test('F2 Upgrade without Connection is a plain request', async () => {
  const request = await gateway().expectJohns(gateway().asJohn('GET /api', 'Upgrade: h2c'))
  expect(request.values('upgrade')).toEqual([])
})

test('F2 an upgrade in HTTP/1.0, with a body or by DELETE is refused', async () => {
  const { asJohn, expectRefused } = gateway()
  await expectRefused(asJohn('GET /exec', ...webSocket).replace('HTTP/1.1', 'HTTP/1.0'))
  await expectRefused(`${asJohn('GET /exec', ...webSocket, 'Content-Length: 5')}hello${smuggled}`)
  await expectRefused(asJohn('DELETE /exec', ...webSocket))
})

test.each([
  ['nobody', ''],
  ['a bad token', 'Authorization: Bearer x'],
])('F3 %s is not upgraded, and nobody is called', async (_, line) => {
  const opened = gateway().recorder.connections().opened
  const lines = line === '' ? webSocket : [...webSocket, line]
  await gateway().expectRefused(withLines(exec, 'Host: x', ...lines) + smuggled, 401)
  expect(gateway().recorder.connections().opened - opened).toBeLessThanOrEqual(1)
})

test.each([200, 204, 302, 400, 403, 500])(
  'F4 after an upgrade that is answered with %d nothing more is sent upon the connection',
  async (status) => {
    playing(({ socket, target }) => {
      const location = target.startsWith('/api') ? 'Location: https://evil.example.com/\r\n' : ''
      socket.write(`HTTP/1.1 ${status} X\r\n${location}Content-Length: 0\r\n\r\n`)
    })
    const before = gateway().recorder.requests.length
    const client = await gateway().connect()
    client.write(gateway().asJohn(exec, ...webSocket) + smuggled)
    expect((await client.response()).status).toBe(status < 400 ? 502 : status)
    client.write(smuggled)
    expect(await client.closed()).toBe('')
    const targets = gateway()
      .recorder.requests.slice(before)
      .map(({ target }) => target)
    expect(targets.filter((target) => target !== '/version')).toEqual([exec.slice(4)])
    expect(gateway().recorder.bytes()).not.toContain('/api/v1/secrets')
  },
)

test('F4 an upgrade behind a request that is not answered yet ends the connection', async () => {
  let answer = (): void => {}
  playing(({ socket, target }) => {
    if (target === '/slow')
      answer = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    else socket.write('HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  })
  const before = gateway().recorder.requests.length
  const client = await gateway().connect()
  client.write(gateway().asJohn('GET /slow') + gateway().asJohn(exec, ...webSocket) + smuggled)
  expect(await client.closed()).not.toContain('101')
  answer()
  const targets = gateway()
    .recorder.requests.slice(before)
    .map(({ target }) => target)
  expect(targets.filter((target) => target.includes('exec'))).toEqual([])
})

test('F11 an upgrade is John’s, whatever it brings along', async () => {
  await gateway().expectRefused(
    gateway().asJohn(exec, ...webSocket, 'Impersonate-User: admin'),
    403,
  )
  const before = gateway().recorder.requests.length
  const lines = ['Connection: Upgrade, Impersonate-User, Authorization', ...webSocket.slice(1)]
  await gateway().send(gateway().asJohn(exec, ...lines))
  const request = gateway()
    .recorder.requests.slice(before)
    .find(({ target }) => target.includes('exec'))
  expect(request?.values('impersonate-user')).toEqual(['john'])
  expect(request?.values('authorization')).toHaveLength(1)
})
