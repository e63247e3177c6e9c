import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { OidcLoginError } from '../../errors.ts'
import type { ListenRequest } from './index.ts'
import { connect, startListener, type TestListener, visit } from './testing/visitor.ts'

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
