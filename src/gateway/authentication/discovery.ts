import type { Fetch, HttpClient } from '../../system/index.ts'
import type { Issuer } from '../config/index.ts'
import { type Json, parseStrictJson } from '../json/index.ts'
import { discoveryUrlOf } from './discovery-url.ts'
import { readKeySet, type VerificationKey } from './key-set.ts'

/** What is read of a provider. Each call makes one request. */
export interface ProviderDocuments {
  /**
   * The URL of the provider's keys, from its discovery document.
   *
   * @throws Error with a sentence that says what is wrong
   */
  keySetUrl(signal: AbortSignal): Promise<string>
  /**
   * The keys.
   *
   * @throws Error with a sentence that says what is wrong
   */
  keys(url: string, signal: AbortSignal): Promise<readonly VerificationKey[]>
}

const requestTimeoutMs = 10_000

/**
 * Reads the documents of a provider: https only, no redirects, at most 1 MiB, and with the
 * authority of the configuration in the place of the system's, as in kube-apiserver (rule C23).
 */
export function providerDocuments(issuer: Issuer, http: HttpClient): ProviderDocuments {
  const { certificateAuthority } = issuer
  const fetch = http.connect({
    timeoutMs: requestTimeoutMs,
    headers: { accept: 'application/json', 'user-agent': 'oidc-gateway' },
    ...(certificateAuthority === undefined
      ? {}
      : { certificateAuthorities: [certificateAuthority], trustsOnlyThem: true }),
  })
  const discoveryUrl = discoveryUrlOf(issuer)
  return {
    async keySetUrl(signal) {
      const document = await read(fetch, discoveryUrl, signal)
      const metadata = document instanceof Map ? document : new Map<string, Json>()
      if (metadata.get('issuer') !== issuer.url) {
        throw new Error(`${discoveryUrl} does not name ${issuer.url} as the issuer.`)
      }
      return keySetUrlIn(metadata.get('jwks_uri'), discoveryUrl)
    },
    async keys(url, signal) {
      const keys = readKeySet(await read(fetch, url, signal))
      if (keys) return keys
      throw new Error(`${url} holds no key that can verify a signature.`)
    },
  }
}

function keySetUrlIn(value: Json | undefined, discoveryUrl: string): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href
  throw new Error(`${discoveryUrl} names no https URL as jwks_uri.`)
}

async function read(fetch: Fetch, url: string, signal: AbortSignal): Promise<Json> {
  const response = await fetch(url, { signal })
  if (response.status !== 200) throw new Error(`${url} answered with status ${response.status}.`)
  const document = parseStrictJson(await response.text())
  if (document === undefined) throw new Error(`${url} did not answer with JSON.`)
  return document
}
