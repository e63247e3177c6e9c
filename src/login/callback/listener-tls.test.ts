import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { connect } from 'node:tls'
import * as x509 from '@peculiar/x509'
import { describe, expect, it } from 'vitest'
import { OidcLoginError } from '../../errors.ts'
import { verifyListenerTls } from './listener-tls.ts'
import { parseAnswer, requestText, startListener, validQuery } from './testing/visitor.ts'

const tls = await selfSigned()
const otherKey = newKey()

async function selfSigned(): Promise<{ certPem: string; keyPem: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    certPem: certificate.toString('pem'),
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  }
}

function newKey(passphrase?: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const lock = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }
  return String(privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }))
}

/** One request over TLS, whose server is verified. */
async function visitSecurely(port: number, target: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: tls.certPem })
  socket.write(requestText(port, { target }))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', resolve)
  })
  return Buffer.concat(chunks).toString('utf8')
}

describe('a listener with a certificate', () => {
  it('speaks https and shows the result', async () => {
    const { listener, port } = await startListener({ tls })
    expect(listener.redirectUri).toBe(`https://localhost:${port}`)
    const text = visitSecurely(port, `/?${validQuery}`)
    await listener.received
    await listener.finish({ kind: 'signed-in', identity: 'john' })
    const answer = parseAnswer(await text)
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('<dd>john</dd>')
  })

  it('is refused, before it listens, when the certificate cannot be used', async () => {
    const attempt = startListener({ tls: { ...tls, keyPem: otherKey } })
    await expect(attempt).rejects.toMatchObject({ code: 'certificate_invalid' })
  })
})

describe('verifyListenerTls()', () => {
  const wrong: readonly (readonly [string, { certPem: string; keyPem: string }, RegExp])[] = [
    ['no certificate', { ...tls, certPem: 'nonsense' }, /certificate is not a PEM certificate/],
    ['an empty certificate', { ...tls, certPem: '' }, /certificate is not a PEM certificate/],
    ['no key', { ...tls, keyPem: 'nonsense' }, /key is not a PEM private key/],
    ['a locked key', { ...tls, keyPem: newKey('secret') }, /private key has a passphrase/],
    ['the key of another certificate', { ...tls, keyPem: otherKey }, /do not belong together/],
  ]
  for (const [name, pair, reason] of wrong) {
    it(`refuses ${name}`, () => {
      expect(() => verifyListenerTls(pair)).toThrow(OidcLoginError)
      expect(() => verifyListenerTls(pair)).toThrow(reason)
    })
  }

  it('takes a certificate with its key', () => {
    verifyListenerTls(tls)
  })
})
