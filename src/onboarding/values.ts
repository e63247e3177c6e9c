import { X509Certificate } from 'node:crypto'

/** A field of the document, and where it stands, for messages. */
export interface Field {
  readonly name: string
  readonly value: unknown
}

/** Says what is wrong with a field; never quotes its value, which a stranger has written. */
export type Refuse = (why: string) => Error

const longestNameCharacters = 63
const longestUrlCharacters = 512
const longestTokenCharacters = 128
const longestClientIdCharacters = 255
const mostScopes = 32
const mostCertificates = 10

/** A URL that was checked, beside its text, which matters where texts are compared. */
export interface UrlAsWritten {
  readonly text: string
  readonly url: URL
}

/** A name that is safe in a kubeconfig, in a shell and on a terminal. */
export function nameIn({ name, value }: Field, refuse: Refuse): string {
  const text = textIn({ name, value }, longestNameCharacters, refuse)
  if (/^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(text)) return text
  throw refuse(
    `"${name}" may hold letters, digits, ".", "-" and "_", and begins and ends with a letter or digit`,
  )
}

/**
 * An https URL in the very form in which a client uses it, so that what a person is shown is where
 * the connection goes: `https:\\`, a user name before the host, a host in other digits or letters are
 * refused.
 */
export function urlIn({ name, value }: Field, refuse: Refuse): UrlAsWritten {
  const text = textIn({ name, value }, longestUrlCharacters, refuse)
  if (!text.startsWith('https://')) throw refuse(`"${name}" does not begin with "https://"`)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw refuse(`"${name}" is not a URL`)
  if (url.username !== '' || url.password !== '') {
    throw refuse(`"${name}" contains a user name or password`)
  }
  if (/[?#]/.test(text)) throw refuse(`"${name}" has a query or a fragment`)
  // A quote or a bracket in a path is nobody's address, but may be somebody's trick.
  if (!/^https:\/\/[\w.:[\]-]+(?:\/[\w.~!$&()*+,;=:@%/-]*)?$/.test(text)) {
    throw refuse(`"${name}" holds characters that have no place in it`)
  }
  if (url.href !== text && url.href !== `${text}/`) {
    throw refuse(`"${name}" is not written as URLs are: host in lower case, no port 443, no ".."`)
  }
  return { text, url }
}

/** An OAuth client id: visible ASCII (RFC 6749 appendix A.1) without spaces. */
export function clientIdIn({ name, value }: Field, refuse: Refuse): string {
  return textIn({ name, value }, longestClientIdCharacters, refuse)
}

/** Scopes (RFC 6749 §3.3). */
export function scopesIn({ name, value }: Field, refuse: Refuse): string[] {
  if (!Array.isArray(value)) throw refuse(`"${name}" is not a list`)
  if (value.length > mostScopes) throw refuse(`"${name}" has more than ${mostScopes} entries`)
  return value.map((scope: unknown) => {
    const text = textIn({ name, value: scope }, longestTokenCharacters, refuse)
    if (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text)) return text
    throw refuse(`"${name}" holds characters that no scope has`)
  })
}

/**
 * Certificates as base64 of PEM, as a kubeconfig has them.
 *
 * @returns PEM that holds these certificates and nothing else
 */
export function certificatesIn({ name, value }: Field, refuse: Refuse): string {
  if (typeof value !== 'string') throw refuse(`"${name}" is not a text`)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) throw refuse(`"${name}" is not base64 in one line`)
  const blocks = pemBlocks(Buffer.from(value, 'base64').toString('latin1'))
  if (blocks === undefined) throw refuse(`"${name}" holds something else than PEM certificates`)
  if (blocks.length > mostCertificates) {
    throw refuse(`"${name}" has more than ${mostCertificates} certificates`)
  }
  return blocks.map((block) => certificate(block) ?? invalid(name, refuse)).join('')
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g

/** The certificates of a PEM file, without what people and programs write between them. */
export function certificatesOf(pem: string): string {
  return (pem.match(certificateBlock) ?? []).map((block) => `${block}\n`).join('')
}

/** @returns undefined when the text holds anything but certificates */
function pemBlocks(text: string): string[] | undefined {
  const blocks = text.match(certificateBlock) ?? []
  const isClean = text.replaceAll(certificateBlock, '').trim() === ''
  return blocks.length > 0 && isClean ? blocks : undefined
}

function certificate(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).toString()
  } catch {
    return undefined
  }
}

function invalid(name: string, refuse: Refuse): never {
  throw refuse(`"${name}" holds a certificate that cannot be read`)
}

/** Visible ASCII: nothing that moves a cursor, hides, or looks like something else. */
function textIn({ name, value }: Field, longest: number, refuse: Refuse): string {
  if (value === undefined || value === null) throw refuse(`"${name}" is missing`)
  if (typeof value !== 'string') throw refuse(`"${name}" is not a text`)
  if (value === '') throw refuse(`"${name}" is empty`)
  if (value.length > longest) throw refuse(`"${name}" is longer than ${longest} characters`)
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw refuse(`"${name}" holds spaces, control characters or characters beyond ASCII`)
  }
  return value
}
