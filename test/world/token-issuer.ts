import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:https'
import type { Authority } from './certificates.ts'

/** An issuer whose documents and tokens are entirely in the hands of a test. */
export interface TokenIssuer {
  readonly url: string
  /** Paths that were asked for so far. */
  readonly requests: readonly string[]
  /** Replaces the published keys. */
  publish(...keys: readonly Readonly<Record<string, unknown>>[]): void
  /** Answers a path otherwise; undefined restores the document. */
  answer(path: string, reply: Reply | undefined): void
  /** Lets answers to a path wait until the returned function is called. */
  hold(path: string): () => void
  stop(): Promise<void>
}

/** An answer of the issuer. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Path of the discovery document. */
export const discoveryPath = '/.well-known/openid-configuration'

/** Path of the keys. */
export const keysPath = '/keys'

/** Starts an issuer with TLS on a free port of 127.0.0.1. */
export async function startTokenIssuer(authority: Authority, port = 0): Promise<TokenIssuer> {
  const requests: string[] = []
  const replies = new Map<string, Reply>()
  const gates = new Map<string, Promise<void>>()
  let published: readonly unknown[] = []
  const { certPem, keyPem } = await authority.issue({ commonName: 'issuer' })
  const server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    await gates.get(path)
    const { status = 200, headers = {}, body = '' } = replies.get(path) ?? document(path)
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const url = `https://127.0.0.1:${address.port}`

  function document(path: string): Reply {
    switch (path) {
      case discoveryPath:
        return { body: JSON.stringify({ issuer: url, jwks_uri: `${url}${keysPath}` }) }
      case keysPath:
        return { body: JSON.stringify({ keys: published }) }
      default:
        return { status: 404 }
    }
  }

  return {
    url,
    requests,
    publish(...keys) {
      published = keys
    },
    answer(path, reply) {
      if (reply) replies.set(path, reply)
      else replies.delete(path)
    },
    hold(path) {
      let release = (): void => undefined
      gates.set(
        path,
        new Promise<void>((resolve) => {
          release = resolve
        }),
      )
      return () => {
        gates.delete(path)
        release()
      }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A key that signs tokens. */
export interface SigningKey {
  readonly algorithm: string
  readonly keyId: string
  readonly privateKey: KeyObject
  /** The public key as PEM. */
  readonly publicPem: string
  /** What an issuer publishes of it. */
  readonly jwk: Readonly<Record<string, unknown>>
}

const curves: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** Makes a key for an algorithm such as `ES256` or `RS256`. */
export function newSigningKey(algorithm: string, keyId: string): SigningKey {
  const namedCurve = curves[algorithm]
  const { privateKey, publicKey } =
    namedCurve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve })
  return {
    algorithm,
    keyId,
    privateKey,
    publicPem: String(publicKey.export({ format: 'pem', type: 'spki' })),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: algorithm, use: 'sig' },
  }
}

/**
 * Signs whatever text a test wants to be a token.
 *
 * @param header replaces or adds fields of the header; a text is the header itself
 */
export function signToken(
  key: SigningKey,
  claims: Readonly<Record<string, unknown>> | string,
  header: Readonly<Record<string, unknown>> | string = {},
): string {
  const head =
    typeof header === 'string'
      ? header
      : JSON.stringify({ alg: key.algorithm, kid: key.keyId, ...header })
  const body = typeof claims === 'string' ? claims : JSON.stringify(claims)
  const input = `${base64url(head)}.${base64url(body)}`
  return `${input}.${signatureOf(key, input)}`
}

/** The signature of a signing input, in base64url. */
export function signatureOf({ algorithm, privateKey }: SigningKey, input: string): string {
  const hash = `sha${algorithm.slice(2)}`
  const isPss = algorithm.startsWith('PS')
  const how = isPss
    ? { key: privateKey, padding: 6, saltLength: Number(algorithm.slice(2)) / 8 }
    : { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
  return sign(hash, Buffer.from(input), how).toString('base64url')
}

/** Text as base64url. */
export function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
