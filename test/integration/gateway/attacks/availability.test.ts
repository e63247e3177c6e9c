import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { expect, onTestFinished, test } from 'vitest'
import { attackedGateway } from '../../../world/gateway/attacked.ts'
import { eventually } from '../../../world/gateway/eventually.ts'
import { okScript, type Script } from '../../../world/gateway/recorder.ts'
import { discoveryPath } from '../../../world/token-issuer.ts'

const limits = 'limits: {maxConnections: 60, maxFailuresPerSecond: 20, maxUpstreamConnections: 40}'
const gateway = attackedGateway(limits)

/** Another computer, as far as the gateway can tell. Only Linux answers for all of 127.0.0.0/8. */
const elsewhere = '127.0.0.2'

function playing(script: Script): void {
  gateway().recorder.play(script)
  onTestFinished(() => gateway().recorder.play(okScript))
}

/** Asks on connections that are used again, from another address than the tests themselves. */
async function ask(token: string, agent: Agent, path = '/api'): Promise<number> {
  const { port, certificateAuthority: ca } = gateway()
  return await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', servername: 'localhost', port, ca, path, agent }
    const headers = { authorization: `Bearer ${token}` }
    const sending = request({ ...options, headers }, (response: IncomingMessage) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', reject)
    })
    sending.once('error', reject).end()
  })
}

function agentOf(localAddress: string, maxSockets: number): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets, localAddress })
  onTestFinished(() => agent.destroy())
  return agent
}

test.runIf(process.platform === 'linux')(
  'G3 a storm of bad tokens from one computer is turned away, and others are served meanwhile',
  async () => {
    const storm = agentOf(elsewhere, 8)
    const honest = agentOf('127.0.0.1', 1)
    const john = gateway().token()
    const answers = Array.from({ length: 300 }, async (_, at) => await ask(`guess${at}`, storm))
    for (let count = 0; count < 20; count += 1) expect(await ask(john, honest)).toBe(200)
    const statuses = await Promise.all(answers)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
  },
)

test('G1 more idle connections than are served are told so, and leave no trace', async () => {
  const idle = []
  for (let count = 0; count < 60; count += 1) idle.push(await gateway().connect())
  const surplus = await gateway().connect()
  surplus.write(gateway().asJohn('GET /api'))
  expect((await surplus.response()).status).toBe(503)
  expect(await surplus.closed()).toBe('')
  for (const connection of idle) connection.destroy()
  await eventually(async () => (await gateway().send(gateway().asJohn('GET /api')))?.status === 200)
})

test('G4 G5 an API server that never answers, and clients that never read, hold up nobody else', async () => {
  const big = 'x'.repeat(1024 * 1024)
  playing((arrived) => {
    const { target, socket } = arrived
    if (target === '/silent') return
    if (target === '/big') {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${big.length * 20}\r\n\r\n`)
      for (let count = 0; count < 20; count += 1) socket.write(big)
      return
    }
    void okScript(arrived)
  })
  const waiting = []
  for (const target of ['/silent', '/big', '/silent', '/big']) {
    const client = await gateway().connect()
    if (target === '/big') client.pause()
    client.write(gateway().asJohn(`GET ${target}`))
    waiting.push(client)
  }
  for (let count = 0; count < 10; count += 1) {
    expect((await gateway().send(gateway().asJohn('GET /api')))?.status).toBe(200)
  }
  for (const client of waiting) client.destroy()
  await gateway().expectJohns(gateway().asJohn('GET /after'))
})

test('G5 twenty idle watches get each event, and end with their clients', async () => {
  const sources: ((text: string) => void)[] = []
  playing((arrived) => {
    if (!arrived.target.includes('watch=1')) return void okScript(arrived)
    arrived.socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    sources.push((text) => void arrived.socket.write(`${text.length.toString(16)}\r\n${text}\r\n`))
  })
  const watchers = []
  for (let count = 0; count < 20; count += 1) {
    const client = await gateway().connect()
    client.write(gateway().asJohn('GET /api/v1/pods?watch=1'))
    await client.until('\r\n\r\n')
    watchers.push(client)
  }
  for (const send of sources) send('{"type":"BOOKMARK"}\n')
  for (const client of watchers) await client.until('{"type":"BOOKMARK"}\n')
  // Half of what there is for all: more of them are told to wait.
  const refused = await gateway().send(gateway().asJohn('GET /api/v1/pods?watch=1'))
  expect(refused?.status).toBe(429)
  for (const client of watchers) client.destroy()
  await eventually(async () => {
    const again = await gateway().connect()
    again.write(gateway().asJohn('GET /api/v1/pods?watch=1'))
    return (await again.until('\r\n')).includes('200')
  })
})

test('C24 while the provider is down those who are known to sign well are served', async () => {
  gateway().issuer.answer(discoveryPath, { status: 500 })
  onTestFinished(() => gateway().issuer.answer(discoveryPath, undefined))
  await gateway().expectJohns(gateway().asJohn('GET /api'))
})

test('a configuration that changes under load costs no request', async () => {
  const agent = agentOf('127.0.0.1', 8)
  const john = gateway().token()
  let isOver = false
  const load = Array.from({ length: 8 }, async () => {
    const statuses: number[] = []
    while (!isOver) statuses.push(await ask(john, agent))
    return statuses
  })
  for (let count = 1; count <= 5; count += 1) {
    gateway().configure(`${limits}\nimpersonation: {maxGroups: ${100 + count}}`)
    const times = new RegExp(`(?:The configuration was read again[^]*){${count}}`)
    await gateway().program.said(times)
  }
  isOver = true
  const statuses = (await Promise.all(load)).flat()
  expect(statuses.length).toBeGreaterThan(50)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

test('a drain under load cuts no request short', async () => {
  const agent = agentOf('127.0.0.1', 8)
  const john = gateway().token()
  let answered = 0
  const load = Array.from({ length: 8 }, async () => {
    for (;;) {
      const outcome = await ask(john, agent).catch((error: unknown) => error)
      if (typeof outcome !== 'number') return outcome
      expect(outcome).toBe(200)
      answered += 1
    }
  })
  await eventually(async () => answered > 100)
  gateway().program.child.kill('SIGTERM')
  const ends = await Promise.all(load)
  // Who asks again when nobody listens any more gets no connection; nobody lost an answer.
  for (const end of ends) expect(String(end)).toMatch(/ECONNREFUSED|before secure TLS connection/)
  expect((await gateway().program.ended).exitCode).toBe(0)
})
