import 'reflect-metadata'
import { createPrivateKey, webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Authority } from './certificates.ts'

/** How a signer answers a request. By default as the one of Kubernetes does for its clients. */
export interface SigningChoices {
  /** A subject other than the one that was asked for, such as `CN=other`. */
  readonly subject?: string
  /** Another key than that of the request. */
  readonly publicKey?: webcrypto.CryptoKey
  readonly isAuthority?: boolean
  /** Extended key usages; `clientAuth` alone by default. */
  readonly usages?: readonly x509.ExtendedKeyUsage[]
  readonly notBefore?: Date
  readonly notAfter?: Date
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * Answers a certificate request (PEM), after it has looked whether whoever made it has the key.
 *
 * @returns PEM
 * @throws Error when the request is not signed by its own key
 */
export async function signRequest(
  authority: Authority,
  requestPem: string,
  choices: SigningChoices = {},
): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(requestPem)
  if (!(await request.verify())) throw new Error('the request is not signed by its own key')
  const now = Date.now()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: choices.subject ?? request.subjectName.toString(),
    issuer: new x509.X509Certificate(authority.certPem).subjectName,
    publicKey: choices.publicKey ?? (await request.publicKey.export()),
    signingKey: await keyOf(authority),
    signingAlgorithm: algorithm,
    notBefore: choices.notBefore ?? new Date(now - 5 * minuteMs),
    notAfter: choices.notAfter ?? new Date(now + hourMs),
    extensions: [
      new x509.BasicConstraintsExtension(choices.isAuthority ?? false, undefined, true),
      new x509.KeyUsagesExtension(
        choices.isAuthority ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([
        ...(choices.usages ?? [x509.ExtendedKeyUsage.clientAuth]),
      ]),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

async function keyOf({ keyPem }: Authority): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' })
  return await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}
