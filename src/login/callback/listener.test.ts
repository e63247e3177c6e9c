import { afterEach, describe, expect, it } from 'vitest'
import { nodeSystem } from '../../system/index.ts'
import { type ListenRequest, listenForCallback } from './index.ts'
import {
  connect,
  expected,
  parseAnswer,
  readToEnd,
  requestText,
  startListener,
  type TestListener,
  validQuery,
  visit,
} from './testing/visitor.ts'

const running: TestListener[] = []

afterEach(() => {
  for (const { listener } of running.splice(0)) listener.close()
})

async function start(request: Partial<ListenRequest> = {}): Promise<TestListener> {
  const started = await startListener(request)
  running.push(started)
  return started
}

describe('the answer', () => {
  it('is received with all its parameters', async () => {
    const { listener, port } = await start()
    const page = visit(port, { target: `/?${validQuery}&session_state=x%20y` })
    const { parameters } = await listener.received
    expect(Object.fromEntries(parameters)).toEqual({
      code: 'abc',
      state: expected.state,
      session_state: 'x y',
    })
    await listener.finish({ kind: 'signed-in' })
    expect((await page).status).toBe(200)
  })

  it('keeps the browser waiting until the result is known, and shows it then', async () => {
    const { listener, port } = await start()
    const browser = await connect(port)
    let bytes = 0
    browser.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    const text = readToEnd(browser)
    browser.write(requestText(port, { target: `/?${validQuery}` }))
    await listener.received
    await visit(port, { target: '/elsewhere' })
    expect(bytes).toBe(0)
    await listener.finish({ kind: 'signed-in', identity: 'john', cluster: 'demo' })
    const answer = parseAnswer(await text)
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('You are signed in')
    expect(answer.body).toContain('<dd>john</dd>')
    expect(answer.body).toContain('<dd>demo</dd>')
  })

  it('can be an error, which is shown as a refusal', async () => {
    const { listener, port } = await start()
    const page = visit(port, { target: `/?error=access_denied&state=${expected.state}` })
    expect((await listener.received).parameters.get('error')).toBe('access_denied')
    await listener.finish({ kind: 'refused', reason: 'access_denied <b>', hint: 'Ask "them".' })
    const { body } = await page
    expect(body).toContain('The sign-in was refused')
    expect(body).toContain('access_denied &#60;b&#62;')
    expect(body).toContain('Ask &#34;them&#34;.')
  })

  it('is shown as a failure when the sign-in fails afterwards', async () => {
    const { listener, port } = await start()
    const page = visit(port, { target: `/?${validQuery}` })
    await listener.received
    await listener.finish({ kind: 'failed', reason: 'The provider did not answer.' })
    const { body } = await page
    expect(body).toContain('The sign-in failed')
    expect(body).toContain('The provider did not answer.')
  })

  it('sends the browser on to the page that the user wants', async () => {
    const { listener, port } = await start()
    const page = visit(port, { target: `/?${validQuery}` })
    await listener.received
    await listener.finish({ kind: 'signed-in', redirectTo: 'https://example.com/done' })
    const answer = await page
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('https://example.com/done')
    expect(answer.body).toBe('')
  })

  it('sends the browser to web pages only', async () => {
    const { listener, port } = await start()
    const page = visit(port, { target: `/?${validQuery}` })
    await listener.received
    await listener.finish({ kind: 'signed-in', redirectTo: 'javascript:alert(1)' })
    const answer = await page
    expect(answer.status).toBe(200)
    expect(answer.headers.has('location')).toBe(false)
  })

  it('comes to the path of the redirect URL', async () => {
    const { listener, port } = await start({
      redirectUrl: 'http://localhost:8000/oauth2/call%20back?from=here',
    })
    expect(listener.redirectUri).toBe('http://localhost:8000/oauth2/call%20back?from=here')
    expect((await visit(port, { target: `/?${validQuery}` })).status).toBe(404)
    const page = visit(port, { target: `/oauth2/call%20back?from=here&${validQuery}` })
    await listener.received
    await listener.finish({ kind: 'signed-in' })
    expect((await page).status).toBe(200)
  })

  it('may come in absolute form, whose host counts instead of the Host header', async () => {
    const { listener, port } = await start()
    const foreign = { target: `http://evil.example/?${validQuery}` }
    expect((await visit(port, foreign)).status).toBe(421)
    const target = `http://localhost:${port}/?${validQuery}`
    const page = visit(port, { target, host: 'evil.example' })
    await listener.received
    await listener.finish({ kind: 'signed-in' })
    expect((await page).status).toBe(200)
  })

  it('is finished without harm when the browser has gone', async () => {
    const { listener, port } = await start()
    const browser = await connect(port)
    browser.write(requestText(port, { target: `/?${validQuery}` }))
    await listener.received
    const gone = new Promise((resolve) => browser.once('close', resolve))
    browser.destroy()
    await gone
    await listener.finish({ kind: 'signed-in' })
  })

  it('is finished without harm when it did not come over HTTP', async () => {
    const { listener, port } = await start()
    await listener.finish({ kind: 'signed-in' })
    await listener.finish({ kind: 'signed-in' })
    await expect(connect(port)).rejects.toThrow()
  })
})

describe('the end', () => {
  it('comes with an abort, which rejects the answer that is awaited', async () => {
    const { listener, port, abort } = await start()
    const idle = readToEnd(await connect(port))
    abort.abort(new Error('interrupted by a test'))
    await expect(listener.received).rejects.toThrow('interrupted by a test')
    expect(await idle).toBe('')
    await expect(connect(port)).rejects.toThrow()
  })

  it('has come before the start when the signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('interrupted by a test'))
    const request = { addresses: ['127.0.0.1:0'], ...expected, signal }
    const attempt = listenForCallback(nodeSystem(signal), request)
    await expect(attempt).rejects.toThrow('interrupted by a test')
  })

  it('may be declared twice', async () => {
    const { listener, port } = await start()
    listener.close()
    listener.close()
    await listener.finish({ kind: 'signed-in' })
    await expect(connect(port)).rejects.toThrow()
  })

  it('ends every connection: idle, half-way through a request, waiting for the result', async () => {
    const { listener, port } = await start()
    const sockets = [await connect(port), await connect(port), await connect(port)]
    const ends = sockets.map(readToEnd)
    sockets[1]?.write('GET / HTTP/1.1\r\nHost: local')
    sockets[2]?.write(requestText(port, { target: `/?${validQuery}` }))
    await listener.received
    listener.close()
    expect(await Promise.all(ends)).toEqual(['', '', ''])
  })
})
