import { createServer } from 'node:https'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Authority } from '../certificates.ts'

/** An issuer of ID tokens with whatever claims a test wants: discovery and keys, no sign-in. */
export interface TestIssuer {
  readonly issuer: string
  /** Paths that were asked for so far. */
  readonly requests: readonly string[]
  /** Signs an ID token: `iss`, `aud` (`kubernetes`), `sub`, `iat` and `exp` are set unless given. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>
  /** Replaces the signing key, and the published one. */
  rotate(): Promise<void>
  stop(): Promise<void>
}

/** Starts an issuer with TLS on a free port of 127.0.0.1. */
export async function startTestIssuer(authority: Authority): Promise<TestIssuer> {
  const requests: string[] = []
  let key = await newKey()
  const { certPem, keyPem } = await authority.issue({ commonName: 'issuer' })
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    const document = documents()[path]
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const issuer = `https://127.0.0.1:${address.port}`

  function documents(): Readonly<Record<string, object>> {
    return {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: [key.published] },
    }
  }

  return {
    issuer,
    requests,
    async sign(claims) {
      const now = Math.floor(Date.now() / 1000)
      const defaults = { iss: issuer, aud: 'kubernetes', sub: 'subject', iat: now, exp: now + 600 }
      const header = { alg: 'ES256', kid: key.published.kid ?? '' }
      return await new SignJWT({ ...defaults, ...claims })
        .setProtectedHeader(header)
        .sign(key.privateKey)
    },
    async rotate() {
      key = await newKey()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface SigningKey {
  readonly privateKey: CryptoKey
  readonly published: JWK
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const published = await exportJWK(publicKey)
  return { privateKey, published: { ...published, kid: crypto.randomUUID(), alg: 'ES256' } }
}
