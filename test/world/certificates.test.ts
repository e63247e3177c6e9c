import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { checkServerIdentity as checkIdentity, connect, createServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Authority, createAuthority, type KeyAndCertificate } from './certificates.ts'

describe('createAuthority()', () => {
  it('issues a certificate that a TLS client accepts for localhost and both loopback addresses', async () => {
    const authority = await createAuthority()
    const { port } = await tlsServer(await authority.issue({ commonName: 'server' }), authority)
    for (const servername of ['localhost', '127.0.0.1', '::1']) {
      expect(await connectAs(servername, { port, ca: authority.certPem })).toBe('authorized')
    }
  })

  it('issues a certificate that is refused for another host name', async () => {
    const authority = await createAuthority()
    const certificate = await authority.issue({ commonName: 'server', hosts: ['sso.example.com'] })
    const { port } = await tlsServer(certificate, authority)
    const outcome = await connectAs('localhost', { port, ca: authority.certPem })
    expect(outcome).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(await connectAs('sso.example.com', { port, ca: authority.certPem })).toBe('authorized')
  })

  it('is not confused with another authority of the same name', async () => {
    const [authority, namesake] = await Promise.all([createAuthority(), createAuthority()])
    const { port } = await tlsServer(await authority.issue({ commonName: 'server' }), authority)
    const bundle = namesake.certPem + authority.certPem
    expect(await connectAs('localhost', { port, ca: bundle })).toBe('authorized')
    const outcome = await connectAs('localhost', { port, ca: namesake.certPem })
    expect(outcome).not.toBe('authorized')
  })

  it('issues an expired certificate when it is asked to', async () => {
    const authority = await createAuthority()
    const notAfter = new Date(Date.now() - 3_600_000)
    const certificate = await authority.issue({ commonName: 'server', notAfter })
    const { port } = await tlsServer(certificate, authority)
    const outcome = await connectAs('localhost', { port, ca: authority.certPem })
    expect(outcome).toBe('CERT_HAS_EXPIRED')
  })

  it('issues a client certificate whose organizations are the groups of Kubernetes', async () => {
    const authority = await createAuthority()
    const request = { commonName: 'jane', organizations: ['admins', 'developers'], client: true }
    const client = await authority.issue(request)
    const server = await tlsServer(await authority.issue({ commonName: 'server' }), authority)
    const outcome = await connectAs('localhost', { ...server, ca: authority.certPem, client })
    expect(outcome).toBe('authorized')
    expect(await server.clientSubject).toEqual({ O: ['admins', 'developers'], CN: 'jane' })
  })

  it('marks only its own certificate as one of an authority', async () => {
    const authority = await createAuthority('Root of the test')
    const { certPem } = await authority.issue({ commonName: 'server' })
    const root = new X509Certificate(authority.certPem)
    const leaf = new X509Certificate(certPem)
    expect(root.subject).toBe('CN=Root of the test')
    expect([root.ca, leaf.ca]).toEqual([true, false])
    expect(leaf.checkIssued(root)).toBe(true)
  })
})

async function tlsServer(
  certificate: KeyAndCertificate,
  authority: Authority,
): Promise<{ port: number; clientSubject: Promise<unknown> }> {
  const server = createServer({
    cert: certificate.certPem,
    key: certificate.keyPem,
    ca: authority.certPem,
    requestCert: true,
    rejectUnauthorized: false,
  })
  // A client that refuses our certificate hangs up in the middle of the handshake.
  server.on('tlsClientError', () => {})
  const clientSubject = new Promise<unknown>((resolve) => {
    server.on('secureConnection', (socket) => {
      resolve({ ...socket.getPeerCertificate().subject })
      socket.on('error', () => {})
      socket.end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.close()
  })
  return { port: portOf(server.address()), clientSubject }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP server')
  return address.port
}

async function connectAs(
  host: string,
  options: { port: number; ca: string; client?: KeyAndCertificate },
): Promise<string> {
  const { port, ca, client } = options
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca,
    // A server name is never an address (RFC 6066 §3); Node then checks against `host`.
    servername: /^[\d.:]+$/.test(host) ? '' : host,
    checkServerIdentity: (_, certificate) => checkIdentity(host, certificate),
    ...(client ? { cert: client.certPem, key: client.keyPem } : {}),
  })
  return await new Promise((resolve) => {
    socket.on('secureConnect', () => {
      resolve('authorized')
      socket.end()
    })
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  })
}
