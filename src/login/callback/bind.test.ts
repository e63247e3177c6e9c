import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { parseListenAddresses } from './addresses.ts'
import { type Binding, bind } from './bind.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Servers of a computer that answers `code` for ::1, `refusals` times. */
function serversRefusing(code: string, refusals = Number.POSITIVE_INFINITY): () => Server {
  let left = refusals
  return () => {
    const server = createServer()
    servers.push(server)
    const listen = server.listen.bind(server)
    Reflect.set(server, 'listen', (options: { host: string }, done: () => void) => {
      if (options.host !== '::1' || left <= 0) return listen(options, done)
      left -= 1
      return process.nextTick(() => server.emit('error', Object.assign(new Error(), { code })))
    })
    return server
  }
}

async function bindTo(text: string, newServer: () => Server): Promise<Binding | undefined> {
  const [address] = parseListenAddresses([text])
  return address && (await bind(address, newServer))
}

function listening(): Server[] {
  return servers.filter((server) => server.listening)
}

describe('bind()', () => {
  for (const code of ['EADDRNOTAVAIL', 'EAFNOSUPPORT']) {
    it(`goes on with IPv4 alone on a computer without IPv6 (${code})`, async () => {
      const binding = await bindTo('127.0.0.1:0', serversRefusing(code))
      expect(binding?.kind).toBe('bound')
      expect(listening()).toHaveLength(1)
    })
  }

  it('leaves no server behind when one family is taken by another program', async () => {
    const first = await bindTo('127.0.0.1:0', serversRefusing('EAFNOSUPPORT'))
    const port = first?.kind === 'bound' ? first.port : 0
    for (const server of servers.splice(0)) server.close()
    const binding = await bindTo(`127.0.0.1:${port}`, serversRefusing('EADDRINUSE'))
    expect(binding).toEqual({ kind: 'unavailable', code: 'EADDRINUSE' })
    expect(listening()).toHaveLength(0)
  })

  it('looks for another free port when one is free in one family only', async () => {
    const binding = await bindTo('127.0.0.1:0', serversRefusing('EADDRINUSE', 3))
    expect(binding?.kind).toBe('bound')
    expect(listening().map((server) => server.address())).toMatchObject([
      { address: '127.0.0.1' },
      { address: '::1' },
    ])
  })

  it('does not look for a free port for ever', async () => {
    const binding = await bindTo('127.0.0.1:0', serversRefusing('EADDRINUSE'))
    expect(binding).toEqual({ kind: 'unavailable', code: 'EADDRINUSE' })
    expect(listening()).toHaveLength(0)
  })
})
