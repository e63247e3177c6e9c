import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { type Authority, createAuthority } from '../../../test/world/certificates.ts'
import { type SigningChoices, signRequest } from '../../../test/world/signer.ts'
import {
  approved,
  certificateFacts,
  certificateSecret,
  createKeyAndRequest,
  faultOfCommonName,
  type IssuedVerdict,
  signingProgress,
  signingRequest,
  signingRequestName,
  verifyIssued,
} from './index.ts'

const name = 'oidc-gateway:gateways:oidc-gateway'
const hourMs = 60 * 60 * 1000
const minuteMs = 60 * 1000

describe('the request', () => {
  test('is signed by the new key, and asks for the name alone', async () => {
    const { key, request } = createKeyAndRequest(name)
    const read = new x509.Pkcs10CertificateRequest(request)
    expect(await read.verify()).toBe(true)
    expect(read.subject).toBe(`CN=${name}`)
    expect(read.extensions).toEqual([])
    const asked = Buffer.from(read.publicKey.rawData)
    const ours = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' })
    expect(asked.equals(ours)).toBe(true)
    expect(createPrivateKey(key).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  })

  test('is another one with another key each time', () => {
    const one = createKeyAndRequest(name)
    const other = createKeyAndRequest(name)
    expect(one.key).not.toBe(other.key)
    expect(one.request).not.toBe(other.request)
  })

  test.each(['a', 'john@example.com', 'x'.repeat(64)])('may name %s', async (good) => {
    const { request } = createKeyAndRequest(good)
    const read = new x509.Pkcs10CertificateRequest(request)
    expect([read.subject, await read.verify()]).toEqual([`CN=${good}`, true])
  })

  test.each([
    '',
    ' ',
    'x'.repeat(65),
    'a,O=system:masters',
    'a\nO=system:masters',
    'a+O=b',
    'a/b',
    'é',
    'system:admin',
    ':a',
    'a:',
  ])('never names %j', (bad) => {
    expect(faultOfCommonName(bad)).toMatch(/\.$/)
    expect(() => createKeyAndRequest(bad)).toThrow()
  })
})

describe('the object for the cluster', () => {
  test('asks the signer of clients for what it permits, and for a time', () => {
    const { request } = createKeyAndRequest(name)
    const object = signingRequest({ name: 'oidc-gateway-1', request, validityMs: 168 * hourMs })
    expect(object.spec).toEqual({
      request: Buffer.from(request).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      expirationSeconds: 604800,
      usages: ['digital signature', 'client auth'],
    })
    expect(JSON.stringify(object)).not.toContain('PRIVATE')
  })

  test('has a name that no other has', () => {
    const names = new Set(Array.from({ length: 100 }, () => signingRequestName('oidc-gateway')))
    expect(names.size).toBe(100)
    for (const one of names) expect(one).toMatch(/^oidc-gateway-[0-9a-f]{10}$/)
  })

  test('is approved by a condition beside those that it has, everything else untouched', () => {
    const request = {
      metadata: { name: 'a', resourceVersion: '7' },
      status: { conditions: [{ type: 'Odd', status: 'True' }] },
    }
    expect(approved(request, 'GatewayRenewal', 'why')).toEqual({
      metadata: { name: 'a', resourceVersion: '7' },
      status: {
        conditions: [
          { type: 'Odd', status: 'True' },
          { type: 'Approved', status: 'True', reason: 'GatewayRenewal', message: 'why' },
        ],
      },
    })
    expect(approved({ metadata: {} }, 'R', 'm')).toMatchObject({
      status: { conditions: [{ type: 'Approved', status: 'True' }] },
    })
  })

  test.each([
    [undefined, { kind: 'pending' }],
    [{}, { kind: 'pending' }],
    [{ status: { certificate: 'bm8=' } }, { kind: 'pending' }],
    [{ status: { conditions: [{ type: 'Approved' }] } }, { kind: 'approved' }],
    [
      { status: { conditions: [{ type: 'Approved' }], certificate: 'eWVz' } },
      { kind: 'issued', certificate: 'yes' },
    ],
    [
      {
        status: {
          conditions: [{ type: 'Approved' }, { type: 'Denied', reason: 'No', message: 'not\nyou' }],
          certificate: 'eWVz',
        },
      },
      { kind: 'denied', why: 'No: not you' },
    ],
    [
      { status: { conditions: [{ type: 'Approved' }, { type: 'Failed' }] } },
      { kind: 'failed', why: 'no reason was given' },
    ],
    [{ status: { conditions: 'odd' } }, { kind: 'pending' }],
  ])('%j has come to %j', (request, progress) => {
    expect(signingProgress(request)).toEqual(progress)
  })
})

describe('what came back', () => {
  test('is good when it is what was asked for', async () => {
    const { verdict, pem } = await issued({})
    expect(verdict).toMatchObject({ kind: 'good', pem, lastsLonger: false })
    expect(verdict).toMatchObject({ facts: certificateFacts(pem) })
    expect(certificateFacts(pem).commonName).toBe(name)
  })

  test('may have words around it and its authority behind it', async () => {
    const authority = await createAuthority()
    const { key, request } = createKeyAndRequest(name)
    const pem = await signRequest(authority, request)
    const verdict = verifyIssued(`subject=x\n${pem}issuer=y\n${authority.certPem}`, expecting(key))
    expect(verdict).toMatchObject({ kind: 'good', pem: `${pem}${authority.certPem}` })
    expect(new X509Certificate(pem).checkPrivateKey(createPrivateKey(key))).toBe(true)
  })

  test('says when it lasts longer than it was to', async () => {
    const { verdict } = await issued({ notAfter: new Date(Date.now() + 24 * hourMs) })
    expect(verdict).toMatchObject({ kind: 'good', lastsLonger: true })
  })

  test('may last shorter, as long as it can be renewed in time', async () => {
    const { verdict } = await issued({ notAfter: new Date(Date.now() + 10 * minuteMs) })
    expect(verdict).toMatchObject({ kind: 'good', lastsLonger: false })
  })

  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage
  test.each<[string, SigningChoices, RegExp]>([
    ['another name', { subject: 'CN=kubernetes-admin' }, /somebody else/],
    [
      'an organization beside the name',
      { subject: `O=system:masters, CN=${name}` },
      /organization/,
    ],
    [
      'an organization behind the name',
      { subject: `CN=${name}, O=system:masters` },
      /organization/,
    ],
    ['an organization in the same set', { subject: `CN=${name}+O=system:masters` }, /organization/],
    ['two names', { subject: `CN=${name}, CN=kubernetes-admin` }, /somebody else/],
    ['no name', { subject: '' }, /somebody else/],
    ['an authority', { isAuthority: true }, /authority/],
    ['a server', { usages: [serverAuth] }, /client authentication/],
    ['a client and a server', { usages: [clientAuth, serverAuth] }, /client authentication/],
    ['no usage', { usages: [] }, /client authentication/],
    ['an end that is past', { notAfter: new Date(Date.now() - 1000) }, /ended/],
    ['an end that is near', { notAfter: new Date(Date.now() + minuteMs) }, /too soon/],
    ['a begin to come', { notBefore: new Date(Date.now() + minuteMs) }, /not valid yet/],
  ])('is kept out with %s', async (_, choices, why) => {
    const { verdict } = await issued(choices)
    expect(verdict).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) })
  })

  test('is kept out with another key', async () => {
    const { publicKey } = await webcrypto.subtle.generateKey(
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['sign', 'verify'],
    )
    const { verdict } = await issued({ publicKey })
    expect(verdict).toMatchObject({ kind: 'refused', why: expect.stringMatching(/another key/) })
  })

  test.each(['', 'odd', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'is kept out when it is %j',
    (text) => {
      const { key } = createKeyAndRequest(name)
      expect(verifyIssued(text, expecting(key))).toMatchObject({
        kind: 'refused',
        why: expect.stringMatching(/no PEM certificate/),
      })
    },
  )
})

test('the Secret holds the pair and where it is from, and nothing else', () => {
  const secret = certificateSecret({
    namespace: 'gateways',
    name: 'oidc-gateway-client',
    certificate: 'C',
    key: 'K',
    notAfter: 0,
    requestName: 'oidc-gateway-1',
  })
  expect(secret).toMatchObject({
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': 'Qw==', 'tls.key': 'Sw==' },
    metadata: { annotations: { 'oidc-gateway/not-after': '1970-01-01T00:00:00.000Z' } },
  })
})

async function issued(
  choices: SigningChoices,
): Promise<{ readonly verdict: IssuedVerdict; readonly pem: string }> {
  const authority: Authority = await createAuthority()
  const { key, request } = createKeyAndRequest(name)
  const pem = await signRequest(authority, request, choices)
  return { verdict: verifyIssued(pem, expecting(key)), pem }
}

function expecting(key: string) {
  return { commonName: name, key, validityMs: hourMs, now: Date.now() }
}
