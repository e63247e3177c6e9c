import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { isJsonObject, type Json, type JsonObject, parseJson, textAt } from './json.ts'

const requestTimeoutMs = 5_000

/**
 * The signing keys of an OpenID provider, fetched when they are first needed, and again
 * when a token names a key that is not among them (OpenID Connect Core §10.1.1).
 *
 * @param issuer URL of the provider
 * @param certificateAuthorityPem the only authority that is trusted to vouch for it
 */
export function remoteKeySet(issuer: string, certificateAuthorityPem: string): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | undefined
  let loading: Promise<JWTVerifyGetKey> | undefined

  async function load(): Promise<JWTVerifyGetKey> {
    const configuration = await getJson(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      certificateAuthorityPem,
    )
    if (textAt(configuration, 'issuer') !== issuer) {
      throw new Error('the provider calls itself by another issuer URL')
    }
    const jwks = await getJson(textAt(configuration, 'jwks_uri'), certificateAuthorityPem)
    keys = createLocalJWKSet(parseKeySet(jwks))
    return keys
  }

  function reload(): Promise<JWTVerifyGetKey> {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }

  return async (header, token) => {
    try {
      return await (keys ?? (await reload()))(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      return await (await reload())(header, token)
    }
  }
}

/** @throws when there is no answer in time, or none that is a JSON object */
async function getJson(url: string, certificateAuthorityPem: string): Promise<JsonObject> {
  const text = await new Promise<string>((resolve, reject) => {
    const options = {
      ca: certificateAuthorityPem,
      agent: false,
      signal: AbortSignal.timeout(requestTimeoutMs),
    } as const
    const target = new URL(url)
    const request = target.protocol === 'http:' ? plainRequest : secureRequest
    const outgoing = request(target, options, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(body)
        else reject(new Error(`${url} answered with status ${answer.statusCode}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
  const value: Json = parseJson(text)
  if (!isJsonObject(value)) throw new Error(`${url} did not answer with a JSON object`)
  return value
}

function parseKeySet(value: JsonObject): JSONWebKeySet {
  const { keys } = value
  if (!Array.isArray(keys)) throw new Error('the key set of the provider holds no keys')
  return { keys: keys.filter(isJsonObject) as JSONWebKeySet['keys'] }
}
