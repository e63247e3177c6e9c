import type { OptionSpec } from './option-spec.ts'

/** Options that say how the client proves itself at the provider, beside its secret. */
export const clientOptions: readonly OptionSpec[] = [
  {
    name: 'oidc-client-auth-method',
    kind: 'text',
    choices: [
      'auto',
      'none',
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
    ],
    byDefault: 'auto',
    description: 'how the client proves itself; auto goes by what it has',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-key',
    kind: 'text',
    holds: 'files',
    description: 'file with the private key for private_key_jwt, PEM or JWK',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-key-id',
    kind: 'text',
    description: 'key id (kid) of that key, unless the JWK has one',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-assertion-file',
    kind: 'text',
    holds: 'files',
    description:
      'file with a JWT that others issue and replace, which proves who the client is (workload identity); read again at every use',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-certificate',
    kind: 'text',
    holds: 'files',
    description: 'certificate file that is shown to the provider (mTLS)',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-certificate-key',
    kind: 'text',
    holds: 'files',
    description: 'key file of that certificate',
    group: 'Provider:',
  },
]
