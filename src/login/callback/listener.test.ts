import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { OidcLoginError } from '../../errors.ts'
import { nodeSystem } from '../../system/index.ts'
import type { ListenRequest } from './index.ts'
import { listenForCallback } from './index.ts'
import { styleSource } from './page-template.ts'
import {
  connect,
  exchange,
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
const others: Server[] = []

afterEach(() => {
  for (const { listener } of running.splice(0)) listener.close()
  for (const server of others.splice(0)) server.close()
})

async function start(request: Partial<ListenRequest> = {}): Promise<TestListener> {
  const started = await startListener(request)
  running.push(started)
  return started
}

/** Occupies a port as another program would. */
async function occupy(host: string, port = 0): Promise<number> {
  const server = createServer()
  others.push(server)
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0)
    })
  })
}

async function refusalOf(attempt: Promise<unknown>): Promise<OidcLoginError> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof OidcLoginError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const hasIpv6 = await occupy('::1').then(
  () => true,
  () => false,
)

/** Whether the sign-in still waits for its answer. */
async function isWaiting({ listener }: TestListener): Promise<boolean> {
  const answered = listener.received.then(() => true)
  return !(await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 50))]))
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

describe('a request that is not the answer', () => {
  const wrong: readonly { readonly name: string; readonly query: string; readonly says: string }[] =
    [
      { name: 'another state', query: 'code=abc&state=other', says: 'Its state is not that' },
      { name: 'no state', query: 'code=abc', says: 'It has no state.' },
      { name: 'an empty state', query: 'code=abc&state=', says: 'It has no state.' },
      {
        name: 'the right state and another',
        query: `${validQuery}&state=other`,
        says: 'more than one state',
      },
      { name: 'two codes', query: `${validQuery}&code=def`, says: 'more than one "code"' },
      {
        name: 'two errors',
        query: `error=a&error=b&state=${expected.state}`,
        says: 'more than one "error"',
      },
      {
        name: 'two issuers',
        query: `${validQuery}&iss=${expected.issuer}&iss=${expected.issuer}`,
        says: 'more than one "iss"',
      },
      {
        name: 'another issuer',
        query: `${validQuery}&iss=https://evil.example`,
        says: 'It names another issuer',
      },
      {
        name: 'neither code nor error',
        query: `state=${expected.state}`,
        says: 'neither a code nor an error',
      },
    ]

  for (const { name, query, says } of wrong) {
    it(`is refused and changes nothing: ${name}`, async () => {
      const started = await start()
      const answer = await visit(started.port, { target: `/?${query}` })
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('This answer was not accepted')
      expect(answer.body).toContain(says.replaceAll('"', '&#34;'))
      expect(answer.body).not.toContain(expected.state)
      expect(started.ignored).toHaveLength(1)
      expect(started.ignored[0]).toContain(says)
      expect(started.ignored[0]).not.toContain(expected.state)
      expect(await isWaiting(started)).toBe(true)
    })
  }

  it('is refused without an issuer when the provider promises one', async () => {
    const started = await start({ issRequired: true })
    expect((await visit(started.port, { target: `/?${validQuery}` })).status).toBe(400)
    expect(started.ignored[0]).toContain('does not name its issuer')
    const target = `/?${validQuery}&iss=${encodeURIComponent(expected.issuer)}`
    const page = visit(started.port, { target })
    await started.listener.received
    await started.listener.finish({ kind: 'signed-in' })
    expect((await page).status).toBe(200)
  })

  it('cannot end the sign-in with an error that lacks the state', async () => {
    const started = await start()
    const said = encodeURIComponent('no \u001b[2J\u202e<b>way\r\n')
    const target = `/?error=access_denied&error_description=${said}${'x'.repeat(500)}`
    const answer = await visit(started.port, { target })
    expect(answer.status).toBe(400)
    expect(answer.body).not.toContain('way')
    expect(started.ignored[0]).toMatch(
      /^It has no state\. It says: "access_denied: no \[2J <b>way x+…"\.$/,
    )
    expect(started.ignored[0]?.length).toBeLessThan(300)
    expect(await isWaiting(started)).toBe(true)
  })

  it('gets a page without the state when it is a bare visit', async () => {
    const started = await start()
    const answer = await visit(started.port)
    expect(answer.status).toBe(404)
    expect(answer.body).toContain('Nothing to see here')
    expect(answer.body).not.toContain(expected.state)
    expect(answer.body).not.toContain('sso.example.com')
    expect(started.ignored).toEqual([])
    expect(await isWaiting(started)).toBe(true)
  })

  it('gets 404 at another path, also with the right parameters', async () => {
    const started = await start()
    for (const target of ['/other', '//', '/index.html', '/./', '/%2e', '/#']) {
      expect((await visit(started.port, { target: `${target}?${validQuery}` })).status).toBe(404)
    }
    expect(await isWaiting(started)).toBe(true)
  })

  it('gets no content when it looks for an icon', async () => {
    const { port } = await start()
    const answer = await visit(port, { target: '/favicon.ico' })
    expect(answer.status).toBe(204)
    expect(answer.headers.has('content-length')).toBe(false)
  })

  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    it(`gets 405 when its method is ${method}`, async () => {
      const started = await start()
      const answer = await visit(started.port, { method, target: `/?${validQuery}` })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('GET')
      expect(await isWaiting(started)).toBe(true)
    })
  }

  it('tells of an answer by POST, because the response mode of the client may be wrong', async () => {
    const started = await start()
    const headers = ['Content-Type: application/x-www-form-urlencoded']
    const answer = await visit(started.port, { method: 'POST', headers, body: validQuery })
    expect(answer.status).toBe(405)
    expect(answer.body).toContain('response mode')
    expect(started.ignored).toEqual([
      'It came by POST; the response mode of the client must be "query".',
    ])
  })

  it('gets 405 when it wants a tunnel', async () => {
    const started = await start()
    const target = `localhost:${started.port}`
    const answer = await visit(started.port, { method: 'CONNECT', target })
    expect(answer.status).toBe(405)
    expect(await isWaiting(started)).toBe(true)
  })

  for (const header of [
    'Sec-Purpose: prefetch',
    'Sec-Purpose: prefetch;prerender',
    'Purpose: prefetch',
    'X-Moz: prefetch',
    'X-Purpose: preview',
  ]) {
    it(`does not use up the answer as a page loaded in advance: ${header}`, async () => {
      const started = await start()
      const target = `/?${validQuery}`
      const answer = await visit(started.port, { target, headers: [header] })
      expect(answer.status).toBe(503)
      expect(answer.body).toBe('')
      expect(await isWaiting(started)).toBe(true)
    })
  }

  it('gets 409 when the sign-in was already answered', async () => {
    const { listener, port, ignored } = await start()
    const first = visit(port, { target: `/?${validQuery}` })
    await listener.received
    const second = await visit(port, { target: `/?code=other&state=${expected.state}` })
    expect(second.status).toBe(409)
    expect(second.body).toContain('already answered')
    expect(ignored).toEqual(['The sign-in was already answered.'])
    expect((await listener.received).parameters.get('code')).toBe('abc')
    await listener.finish({ kind: 'signed-in' })
    expect((await first).status).toBe(200)
  })

  it('gets 421 when it is meant for another host', async () => {
    const started = await start()
    const { port } = started
    const foreign = ['evil.example', `evil.example:${port}`, 'localhost', `localhost:${port + 1}`]
    for (const host of [...foreign, `localhost.:${port}`, `user@localhost:${port}`]) {
      const answer = await visit(port, { host, target: `/?${validQuery}` })
      expect(answer.status).toBe(421)
      expect(answer.body).not.toContain(host)
    }
    expect(started.ignored[0]).toContain('--oidc-redirect-url')
    expect(await isWaiting(started)).toBe(true)
  })

  it('is meant for us under each of our names', async () => {
    const { port } = await start({ redirectUrl: 'https://login.example.com/' })
    const names = [`localhost:${port}`, `LOCALHOST:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]
    for (const host of [...names, 'login.example.com']) {
      expect((await visit(port, { host })).status).toBe(404)
    }
    expect((await visit(port, { host: 'login.example.com:8443' })).status).toBe(421)
  })

  it('gets 400 when it is not HTTP', async () => {
    const started = await start()
    const { port } = started
    const twice = requestText(port, { target: `/?${validQuery}`, headers: ['Host: evil.example'] })
    const broken = [
      requestText(port, { host: null, target: `/?${validQuery}` }),
      twice,
      'GARBAGE\r\n\r\n',
      requestText(port, { headers: ['no colon'] }),
      requestText(port, { target: '*' }),
      requestText(port, { target: `ftp://localhost:${port}/?${validQuery}` }),
      requestText(port, { target: `http://user:pw@localhost:${port}/?${validQuery}` }),
      requestText(port, { headers: ['Content-Length: 1', 'Transfer-Encoding: chunked'] }),
    ]
    for (const bytes of broken) {
      const answer = parseAnswer(await exchange(port, bytes))
      expect([bytes, answer.status]).toEqual([bytes, 400])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    expect(await isWaiting(started)).toBe(true)
  })

  it('gets 431 when it is too large', async () => {
    const started = await start()
    const answer = await visit(started.port, { target: `/?code=${'x'.repeat(20_000)}` })
    expect(answer.status).toBe(431)
    expect(await isWaiting(started)).toBe(true)
  })
})

describe('every reply', () => {
  it('ends the connection, and may not be stored, framed, sniffed or referred from', async () => {
    const { listener, port } = await start()
    const result = visit(port, { target: `/?${validQuery}`, headers: ['Connection: keep-alive'] })
    await listener.received
    const replies = [
      await visit(port, { headers: ['Connection: keep-alive'] }),
      await visit(port, { target: '/favicon.ico' }),
      await visit(port, { target: '/?code=abc' }),
      await visit(port, { target: `/?${validQuery}` }),
      await visit(port, { target: `/?${validQuery}`, headers: ['Purpose: prefetch'] }),
      await visit(port, { method: 'POST' }),
      await visit(port, { host: 'evil.example' }),
      await visit(port, { host: null }),
      await visit(port, { headers: ['Expect: the-unexpected'] }),
      parseAnswer(await exchange(port, 'GARBAGE\r\n\r\n')),
    ]
    await listener.finish({ kind: 'signed-in' })
    for (const { headers, body } of [...replies, await result]) {
      expect(headers.get('connection')).toBe('close')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toBe(
        `default-src 'none'; style-src ${styleSource}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      if (body !== '') expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    }
  })
})

describe('the address', () => {
  it('is the first that is free', async () => {
    const busy = await occupy('127.0.0.1')
    const { listener, port } = await start({ addresses: [`127.0.0.1:${busy}`, '127.0.0.1:0'] })
    expect(port).not.toBe(busy)
    expect(listener.redirectUri).toBe(`http://localhost:${port}`)
    expect((await visit(port)).status).toBe(404)
  })

  it.runIf(hasIpv6)('is taken in both IP families, since localhost may mean either', async () => {
    for (const address of ['127.0.0.1:0', 'localhost:0', '[::1]:0', ':0']) {
      const { port } = await start({ addresses: [address] })
      expect((await visit(port, { address: '127.0.0.1' })).status).toBe(404)
      expect((await visit(port, { address: '::1' })).status).toBe(404)
    }
  })

  it.runIf(hasIpv6)(
    'counts as busy when another program holds it in the other family',
    async () => {
      const busy = await occupy('::1')
      const { port } = await start({ addresses: [`127.0.0.1:${busy}`, '127.0.0.1:0'] })
      expect(port).not.toBe(busy)
      await expect(connect(busy, '127.0.0.1')).rejects.toThrow()
    },
  )

  it('is told with its holder and what to do when none is free', async () => {
    const busy = await occupy('127.0.0.1')
    const error = await refusalOf(start({ addresses: [`127.0.0.1:${busy}`] }))
    expect(error.code).toBe('listen_address_unavailable')
    expect(error.message).toContain(`127.0.0.1:${busy} is in use by`)
    expect(error.hint).toContain('--listen-address')
    expect(error.hint).toContain(`http://localhost:${busy}`)
    if (process.platform === 'linux') expect(error.message).toContain(`(process ${process.pid})`)
  })

  it('must be one of this computer', async () => {
    const error = await refusalOf(start({ addresses: ['192.0.2.1:0'] }))
    expect(error.message).toContain('is not an address of this computer')
  })

  it('must be well-formed', async () => {
    const error = await refusalOf(start({ addresses: ['127.0.0.1:0', 'nonsense'] }))
    expect(error.code).toBe('usage_invalid')
  })

  it('goes with a redirect URL that a browser can be sent to', async () => {
    for (const redirectUrl of ['urn:ietf:wg:oauth:2.0:oob', 'nonsense', 'http://localhost/#x']) {
      expect((await refusalOf(start({ redirectUrl }))).code).toBe('usage_invalid')
    }
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
