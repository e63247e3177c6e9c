import type { Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import {
  connect,
  exchange,
  parseAnswer,
  readToEnd,
  requestText,
  startListener,
  type TestListener,
  validQuery,
  visit,
} from './testing/visitor.ts'

/** What other users and web pages on this computer can do to a sign-in, which must not end by it. */

const running: TestListener[] = []
const sockets: Socket[] = []

afterEach(() => {
  for (const { listener } of running.splice(0)) listener.close()
  for (const socket of sockets.splice(0)) socket.destroy()
})

async function start(): Promise<TestListener> {
  const started = await startListener()
  running.push(started)
  return started
}

/** The honest user comes back from the provider. */
async function signIn({ listener, port }: TestListener): Promise<void> {
  const page = visit(port, { target: `/?${validQuery}` })
  const { parameters } = await listener.received
  expect(parameters.get('code')).toBe('abc')
  await listener.finish({ kind: 'signed-in', identity: 'john' })
  const answer = await page
  expect(answer.status).toBe(200)
  expect(answer.body).toContain('<dd>john</dd>')
}

it('200 junk requests at once are all answered, and the sign-in goes on', async () => {
  const started = await start()
  const { port } = started
  const junk = [
    '/?error=access_denied',
    '/?code=evil&state=guess',
    `/?code=evil&${validQuery}&state=guess`,
    '/elsewhere',
    '/',
  ]
  const visits = Array.from({ length: 200 }, (_, index) =>
    visit(port, { target: junk[index % junk.length] ?? '/' }),
  )
  const statuses = new Set((await Promise.all(visits)).map(({ status }) => status))
  expect(statuses).toEqual(new Set([400, 404]))
  await signIn(started)
})

it('a flood of false answers does not flood the terminal', async () => {
  const started = await start()
  await Promise.all(
    Array.from({ length: 50 }, () => visit(started.port, { target: '/?error=x&state=guess' })),
  )
  expect(started.ignored).toHaveLength(10)
})

it('more idle connections than there is room for do not keep the browser out', async () => {
  const started = await start()
  const oldest = await connect(started.port)
  const madeRoom = readToEnd(oldest)
  for (let count = 0; count < 400; count += 1) sockets.push(await connect(started.port))
  expect(await madeRoom).toBe('')
  await signIn(started)
})

it('connections that come later do not push the waiting browser out', async () => {
  const started = await start()
  const page = visit(started.port, { target: `/?${validQuery}` })
  await started.listener.received
  for (let count = 0; count < 400; count += 1) sockets.push(await connect(started.port))
  await started.listener.finish({ kind: 'signed-in', identity: 'john' })
  expect((await page).body).toContain('<dd>john</dd>')
})

it('a second request on a connection is not read after a false answer', async () => {
  const started = await start()
  const pipelined = `${requestText(started.port)}${requestText(started.port, { target: `/?${validQuery}` })}`
  const text = await exchange(started.port, pipelined)
  expect(parseAnswer(text).status).toBe(404)
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
})

it('a request body is of no interest, however long', async () => {
  const started = await start()
  const body = 'x'.repeat(64 * 1024)
  const answer = await visit(started.port, { method: 'POST', target: '/?code=evil', body })
  expect(answer.status).toBe(405)
  await signIn(started)
})

it('a keep-alive connection is ended by the reply', async () => {
  const started = await start()
  const socket = await connect(started.port)
  socket.write(requestText(started.port, { headers: ['Connection: keep-alive'] }))
  expect(parseAnswer(await readToEnd(socket)).status).toBe(404)
  await signIn(started)
})

it('a client that leaves in the middle of its request changes nothing', async () => {
  const started = await start()
  for (const bytes of ['G', 'GET /?code=', requestText(started.port)]) {
    const socket = await connect(started.port)
    socket.write(bytes, () => socket.resetAndDestroy())
  }
  await signIn(started)
})
