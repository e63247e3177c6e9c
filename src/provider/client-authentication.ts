import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  None,
  PrivateKeyJwt,
  type ServerMetadata,
  TlsClientAuth,
} from 'openid-client'
import { signingKey } from './client-key.ts'
import type { ClientAuthMethod, ProviderSettings } from './settings.ts'

/** How a client proves itself, in the settings that matter for it. */
type Proof = Pick<
  ProviderSettings,
  'clientAuthMethod' | 'clientSecret' | 'clientKey' | 'clientAssertion' | 'clientCertificate'
>

/**
 * How the client proves itself (OpenID Connect Core §9, RFC 8705 §2). It depends on the provider's
 * metadata, which are known only when it is used.
 */
export function clientAuthentication(proof: Proof): ClientAuth {
  return async (server, client, body, headers) => {
    const authenticate = await authentication(proof, server)
    // Signing takes time: the library waits for it, although its type does not say so.
    await authenticate(server, client, body, headers)
  }
}

/** Makes a form with a new signature of the client in the place of the one that it has. */
export type SignAgain = (form: URLSearchParams) => Promise<URLSearchParams>

/**
 * How a request that carries a signature of the client (`private_key_jwt`) can be sent a second time: the
 * `jti` of each signature is good for one use (OpenID Connect Core §9).
 *
 * @returns undefined when the client does not sign
 */
export function signAgain(
  settings: Proof & Pick<ProviderSettings, 'clientId'>,
  server: ServerMetadata,
): SignAgain | undefined {
  if (settings.clientAssertion !== undefined || settings.clientKey === undefined) return undefined
  if (chosenMethod(settings, server) !== 'private_key_jwt') return undefined
  const authenticate = clientAuthentication(settings)
  return async (form) => {
    const fresh = new URLSearchParams(form)
    await authenticate(server, { client_id: settings.clientId }, fresh, new Headers())
    return fresh
  }
}

/** Whether the endpoints for client certificates are used (RFC 8705 §5). */
export function usesCertificate(proof: Proof): boolean {
  return proof.clientCertificate !== undefined && isByCertificate(proof)
}

function isByCertificate(proof: Proof): boolean {
  if (proof.clientAuthMethod === 'tls_client_auth') return true
  const other = proof.clientSecret ?? proof.clientKey ?? proof.clientAssertion
  return proof.clientAuthMethod === 'auto' && other === undefined
}

async function authentication(proof: Proof, server: ServerMetadata): Promise<ClientAuth> {
  const { clientSecret = '', clientKey, clientAssertion } = proof
  if (clientAssertion !== undefined) return issuedAssertion(clientAssertion)
  switch (chosenMethod(proof, server)) {
    case 'client_secret_basic':
      return ClientSecretBasic(clientSecret)
    case 'client_secret_post':
      return ClientSecretPost(clientSecret)
    case 'private_key_jwt': {
      if (clientKey === undefined) return None()
      const accepted = server.token_endpoint_auth_signing_alg_values_supported
      return PrivateKeyJwt(await signingKey(clientKey, accepted))
    }
    case 'tls_client_auth':
      return TlsClientAuth()
    case 'none':
      return None()
  }
}

/** A JWT that somebody else has issued for the client (RFC 7523 §2.2). */
function issuedAssertion(assertion: string): ClientAuth {
  return (_, client, body) => {
    body.set('client_id', client.client_id)
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set('client_assertion', assertion)
  }
}

/**
 * `auto`: by what the client has. A public client only names itself. A secret goes by HTTP Basic,
 * which every provider must support (RFC 6749 §2.3.1), unless the provider says that it does not.
 */
function chosenMethod(proof: Proof, server: ServerMetadata): Exclude<ClientAuthMethod, 'auto'> {
  if (proof.clientAuthMethod !== 'auto') return proof.clientAuthMethod
  if (proof.clientKey) return 'private_key_jwt'
  if (usesCertificate(proof)) return 'tls_client_auth'
  if (!proof.clientSecret) return 'none'
  const supported = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return supported.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post'
}
