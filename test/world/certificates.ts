import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  /** The certificate. */
  readonly certPem: string
  /** Its private key, PKCS #8. */
  readonly keyPem: string
}

/** What {@link Authority.issue} is to certify. */
export interface CertificateRequest {
  /** Common name of the subject. */
  readonly commonName: string
  /** DNS names and IP addresses. A server has `localhost`, `127.0.0.1` and `::1` by default. */
  readonly hosts?: readonly string[]
  /** Organizations of the subject: the groups of a Kubernetes client certificate. */
  readonly organizations?: readonly string[]
  /** Whether the certificate is for a client rather than a server. */
  readonly client?: boolean
  /** End of its validity; a day from now by default. In the past, the certificate is expired. */
  readonly notAfter?: Date
}

/** A private certificate authority that lives as long as its test. */
export interface Authority extends KeyAndCertificate {
  /** Issues a certificate with a new key. */
  issue(request: CertificateRequest): Promise<KeyAndCertificate>
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const hourMs = 60 * 60 * 1000
const dayMs = 24 * hourMs
const loopbackHosts = ['localhost', '127.0.0.1', '::1'] as const

/**
 * Makes a certificate authority (ECDSA P-256) whose certificates OpenSSL, Go and Chromium accept.
 *
 * @param name common name of the authority
 */
export async function createAuthority(name = 'Test authority'): Promise<Authority> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: keyAlgorithm,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return {
    certPem: pem(certificate),
    keyPem: privatePem(keys),
    issue: (request) => issue({ certificate, keys }, request),
  }
}

/** An authority that was made before, from its certificate and key. */
export async function authorityOf({ certPem, keyPem }: KeyAndCertificate): Promise<Authority> {
  const certificate = new x509.X509Certificate(certPem)
  const pkcs8 = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, keyAlgorithm, false, ['sign']),
    publicKey: await certificate.publicKey.export(),
  }
  return { certPem, keyPem, issue: (request) => issue({ certificate, keys }, request) }
}

interface Issuer {
  readonly certificate: x509.X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

async function issue(issuer: Issuer, request: CertificateRequest): Promise<KeyAndCertificate> {
  const keys = await newKeys()
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subjectOf(request),
    issuer: issuer.certificate.subjectName,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: keyAlgorithm,
    ...validity(request.notAfter),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([request.client ? clientAuth : serverAuth]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      // Without it OpenSSL cannot tell apart two authorities of the same name in one bundle.
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...alternativeNames(request),
    ],
  })
  return { certPem: pem(certificate), keyPem: privatePem(keys) }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
}

/** One set a name, organizations first: the order in which Kubernetes itself writes them. */
function subjectOf({ commonName, organizations = [] }: CertificateRequest): x509.JsonName {
  return [...organizations.map((organization) => ({ O: [organization] })), { CN: [commonName] }]
}

/** A certificate without names must not carry the extension at all (RFC 5280 §4.2.1.6). */
function alternativeNames({ client, hosts }: CertificateRequest): x509.Extension[] {
  const names = (hosts ?? (client ? [] : loopbackHosts)).map(
    (host): x509.JsonGeneralName => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }),
  )
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]
}

/** Begins an hour ago, because clocks differ, and always before it ends. */
function validity(notAfter = new Date(Date.now() + dayMs)): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - hourMs), notAfter }
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

function privatePem(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
}
