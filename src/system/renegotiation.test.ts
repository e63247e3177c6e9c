import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createAuthority } from '../../test/world/certificates.ts'
import { nodeHttp } from './node-http.ts'

test('a server that renegotiates TLS 1.2 before it answers is understood', async () => {
  const authority = await createAuthority()
  const { certPem, keyPem } = await authority.issue({ commonName: 'localhost' })
  const renegotiated: (Error | null)[] = []
  const options = { cert: certPem, key: keyPem, maxVersion: 'TLSv1.2' } as const
  const server = createServer(options, ({ socket }, response) => {
    if (!(socket instanceof TLSSocket)) throw new Error('not TLS')
    socket.renegotiate({ rejectUnauthorized: false, requestCert: true }, (error) => {
      renegotiated.push(error)
      response.end('welcome')
    })
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const fetch = nodeHttp({}).connect({
    certificateAuthorities: [authority.certPem],
    timeoutMs: 10_000,
  })
  const response = await fetch(`https://localhost:${port}/`)
  expect(await response.text()).toBe('welcome')
  expect(renegotiated.map((error) => error ?? null)).toEqual([null])
})
