import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const version = 1
const algorithm = 'A256GCM'
const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Bytes of a key. */
export const keyBytes = 32

/**
 * An encrypted session file: AES-256-GCM with the canonical text of the session key as additional
 * data, so that a file in the place of another one does not open. `iv`, `tag` and `ciphertext` are
 * base64url.
 */
export interface Sealed {
  readonly version: typeof version
  readonly alg: typeof algorithm
  /** Canonical text of the session key. It holds no secret, and lets sessions be listed. */
  readonly session: string
  readonly iv: string
  readonly tag: string
  readonly ciphertext: string
}

/** What the text of a file turned out to be. */
export type ParsedSealed =
  | { readonly kind: 'sealed'; readonly sealed: Sealed }
  /** Not encrypted; perhaps a session in plain text. */
  | { readonly kind: 'other' }
  | { readonly kind: 'damaged'; readonly reason: string }

/** Encrypts a text for one session, as the JSON text of its file. Each call takes a new `iv`. */
export function seal(key: Uint8Array, text: string, session: string): string {
  const iv = randomBytes(ivBytes)
  const machine = createCipheriv(cipher, key, iv, { authTagLength: tagBytes })
  machine.setAAD(Buffer.from(session))
  const ciphertext = Buffer.concat([machine.update(text, 'utf8'), machine.final()])
  const sealed: Sealed = {
    version,
    alg: algorithm,
    session,
    iv: iv.toString('base64url'),
    tag: machine.getAuthTag().toString('base64url'),
    ciphertext: ciphertext.toString('base64url'),
  }
  return `${JSON.stringify(sealed)}\n`
}

/**
 * Decrypts what {@link seal} has made.
 *
 * @param session canonical text of the session that must be in it
 * @returns undefined when the file was changed, was made for another session, or with another key
 */
export function unseal(key: Uint8Array, sealed: Sealed, session: string): string | undefined {
  const iv = Buffer.from(sealed.iv, 'base64url')
  const tag = Buffer.from(sealed.tag, 'base64url')
  if (iv.length !== ivBytes || tag.length !== tagBytes) return undefined
  const machine = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes })
  machine.setAAD(Buffer.from(session))
  machine.setAuthTag(tag)
  try {
    const text = machine.update(Buffer.from(sealed.ciphertext, 'base64url'))
    return Buffer.concat([text, machine.final()]).toString('utf8')
  } catch {
    // Node says only that it is not authentic; there is nothing more to know.
    return undefined
  }
}

/** Recognises an encrypted file by its text. */
export function parseSealed(text: string): ParsedSealed {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'other' }
  }
  if (typeof value !== 'object' || value === null || !('ciphertext' in value)) {
    return { kind: 'other' }
  }
  const { version: found, alg, session, iv, tag, ciphertext } = fieldsOf(value)
  if (found !== version || alg !== algorithm) {
    return { kind: 'damaged', reason: 'it is encrypted in a way that this version does not know' }
  }
  if (!isText(session) || !isText(iv) || !isText(tag) || !isText(ciphertext)) {
    return { kind: 'damaged', reason: 'it lacks a field, or has one of the wrong type' }
  }
  return { kind: 'sealed', sealed: { version, alg: algorithm, session, iv, tag, ciphertext } }
}

function fieldsOf(value: object): Readonly<Record<string, unknown>> {
  return { ...value }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
