import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startLoopbackServer } from './provider-server.ts'

describe('startLoopbackServer()', () => {
  it('answers on localhost, and says what went wrong in a handler', async () => {
    const server = await startLoopbackServer(async (request, response) => {
      if (request.url === '/broken') throw new Error('the handler is broken')
      response.end('hello')
    })
    onTestFinished(server.stop)
    expect(await (await fetch(server.origin)).text()).toBe('hello')
    const broken = await fetch(`${server.origin}/broken`)
    expect(broken.status).toBe(500)
    expect(await broken.text()).toContain('the handler is broken')
  })

  it('has the same port on 127.0.0.1 and, where there is IPv6, on ::1', async () => {
    const server = await startLoopbackServer(async (request, response) => {
      response.end(request.socket.localAddress)
    })
    onTestFinished(server.stop)
    expect(await bodyAt('127.0.0.1', server.port)).toBe('127.0.0.1')
    expect(await bodyAt('::1', server.port)).toMatch(
      /^(::1|EADDRNOTAVAIL|EAFNOSUPPORT|ENETUNREACH|ECONNREFUSED)$/,
    )
  })

  it('stops at once although a request is still open', async () => {
    const server = await startLoopbackServer(async (_, response) => {
      response.write('the beginning')
    })
    const answer = await fetch(server.origin)
    await server.stop()
    await expect(answer.text()).rejects.toThrow()
    await expect(fetch(server.origin)).rejects.toThrow()
  })
})

async function bodyAt(host: string, port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    get({ host, port, agent: false }, (answer) => text(answer).then(resolve, reject)).on(
      'error',
      (error) => resolve('code' in error ? String(error.code) : error.message),
    )
  })
}
