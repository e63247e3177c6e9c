import { afterEach, describe, expect, it } from 'vitest'
import type { ListenRequest } from './index.ts'
import { styleSource } from './page-template.ts'
import {
  exchange,
  expected,
  parseAnswer,
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

/** Whether the sign-in still waits for its answer. */
async function isWaiting({ listener }: TestListener): Promise<boolean> {
  const answered = listener.received.then(() => true)
  return !(await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 50))]))
}

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
