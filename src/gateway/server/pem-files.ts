import { createPrivateKey, X509Certificate } from 'node:crypto'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'
import type { System } from '../../system/index.ts'

/** A text, and what it is called in messages: mostly the file that holds it. */
export interface NamedText {
  readonly text: string
  readonly name: string
}

/** A certificate chain and its key, both PEM. */
export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

/**
 * Reads a file as a whole.
 *
 * @throws OidcLoginError `file_unreadable`
 */
export function readText(system: Pick<System, 'files'>, path: string): string {
  let why = 'there is no such file'
  try {
    const contents = system.files.read(path)
    if (contents !== undefined) return contents.text
  } catch (error) {
    why = systemErrorCode(error) ?? 'it is too large'
  }
  throw new OidcLoginError('file_unreadable', `The file ${path} cannot be read: ${why}.`, {
    hint: 'Check the path in the configuration, and the permissions of the file.',
  })
}

/**
 * Reads PEM certificates.
 *
 * @throws OidcLoginError `file_unreadable`, `certificate_invalid`
 */
export function readCertificates(system: Pick<System, 'files'>, path: string): string {
  const text = readText(system, path)
  certificateIn({ text, name: path })
  return text
}

/**
 * Checks that a certificate and a key belong together.
 *
 * @throws OidcLoginError `certificate_invalid`
 */
export function certificatePair(certificate: NamedText, key: NamedText): CertificatePair {
  const first = certificateIn(certificate)
  let isPair: boolean
  try {
    isPair = first.checkPrivateKey(createPrivateKey(key.text))
  } catch (error) {
    throw invalid(`${key.name} holds no private key that can be used.`, error)
  }
  if (!isPair) throw invalid(`The key in ${key.name} is not the one of ${certificate.name}.`)
  return { certificate: certificate.text, key: key.text }
}

function certificateIn({ text, name }: NamedText): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (error) {
    throw invalid(`${name} holds no PEM certificate.`, error)
  }
}

function invalid(message: string, cause?: unknown): OidcLoginError {
  return new OidcLoginError('certificate_invalid', message, {
    hint: 'Certificates and keys are PEM; the first certificate of the file is the one that is shown.',
    cause,
  })
}
