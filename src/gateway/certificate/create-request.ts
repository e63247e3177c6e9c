import { generateKeyPairSync, sign } from 'node:crypto'
import { faultOfCommonName } from './common-name.ts'
import {
  bitString,
  emptyTagged,
  objectIdentifier,
  sequence,
  setOfOne,
  smallInteger,
  utf8String,
} from './der.ts'

/** A new key, and the request to certify it. */
export interface KeyAndRequest {
  /** PEM, PKCS #8. It has never been outside this process. */
  readonly key: string
  /** PEM, PKCS #10. */
  readonly request: string
}

/**
 * Makes a key (ECDSA P-256) and a certificate request (RFC 2986) whose subject is the name alone: no
 * organization, because organizations are groups, and no extension, because the signer decides those.
 *
 * @throws Error for a name that {@link faultOfCommonName} finds a fault with
 */
export function createKeyAndRequest(commonName: string): KeyAndRequest {
  const fault = faultOfCommonName(commonName)
  if (fault !== undefined) throw new Error(fault)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const info = sequence(
    smallInteger(0),
    sequence(setOfOne(sequence(objectIdentifier(commonNameType), utf8String(commonName)))),
    publicKey.export({ type: 'spki', format: 'der' }),
    emptyTagged,
  )
  const signature = sign('sha256', info, privateKey)
  const request = sequence(info, sequence(objectIdentifier(ecdsaWithSha256)), bitString(signature))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: pemOf(request),
  }
}

const commonNameType = '2.5.4.3'
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`
}
