import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { gatewayWith, type TestGateway } from '../../world/gateway/gateway-with.ts'

/** Opens a connection and waits for what the server says after its handshake, tickets included. */
async function opened(gateway: TestGateway, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    servername: 'localhost',
    port: gateway.port,
    ca: gateway.certificateAuthority,
    ...options,
  })
  onTestFinished(() => void socket.destroy())
  await new Promise((resolve, reject) =>
    socket.once('secureConnect', resolve).once('error', reject),
  )
  const answered = new Promise((resolve) => socket.once('data', resolve))
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await answered
  return socket
}

async function renewed(gateway: TestGateway): Promise<void> {
  const { certPem, keyPem } = await gateway.authority.issue({ commonName: 'renewed' })
  gateway.proxy.replaceCertificate({ certificate: certPem, key: keyPem })
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'no session of %s is resumed, neither before nor after a renewed certificate',
  async (version) => {
    const gateway = await gatewayWith()
    const options = { minVersion: version, maxVersion: version }
    for (const isRenewed of [false, true]) {
      if (isRenewed) await renewed(gateway)
      const first = await opened(gateway, options)
      const again = await opened(gateway, { ...options, session: first.getSession() })
      expect(again.isSessionReused()).toBe(false)
    }
  },
)

test('AES-128 with SHA-256 is taken when the client can, and nothing without forward secrecy', async () => {
  const gateway = await gatewayWith()
  for (const isRenewed of [false, true]) {
    if (isRenewed) await renewed(gateway)
    expect((await opened(gateway, {})).getCipher().name).toBe('TLS_AES_128_GCM_SHA256')
    const older = await opened(gateway, { maxVersion: 'TLSv1.2' })
    expect(older.getCipher().name).toBe('ECDHE-ECDSA-AES128-GCM-SHA256')
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const
    await expect(opened(gateway, weak)).rejects.toThrow()
  }
})
