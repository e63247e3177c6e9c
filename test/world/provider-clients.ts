import type { ClientMetadata } from 'oidc-provider'

/** Secret of the client `kubernetes-confidential`. */
export const confidentialClientSecret = 'a-secret-of-the-test-provider-only'

const defaultRedirectUris = [
  'http://localhost:8000',
  'http://localhost:18000',
  'http://127.0.0.1:8000',
  'http://[::1]:8000',
  'http://localhost:8000/callback',
] as const

const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/**
 * The clients that are registered by default: the public client `kubernetes`, and
 * `kubernetes-confidential`, which authenticates with `client_secret_basic`.
 * Both are native applications, whose loopback redirect URIs may have any port (RFC 8252 §7.3).
 */
export function kubernetesClients(
  redirectUris: readonly string[] = defaultRedirectUris,
): ClientMetadata[] {
  const common: Omit<ClientMetadata, 'client_id'> = {
    client_name: 'Kubernetes',
    application_type: 'native',
    response_types: ['code'],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: redirectUris,
  }
  const grantTypes = ['authorization_code', 'refresh_token', deviceGrantType]
  return [
    {
      ...common,
      client_id: 'kubernetes',
      token_endpoint_auth_method: 'none',
      grant_types: grantTypes,
    },
    {
      ...common,
      client_id: 'kubernetes-confidential',
      client_secret: confidentialClientSecret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [...grantTypes, 'client_credentials'],
    },
  ]
}
