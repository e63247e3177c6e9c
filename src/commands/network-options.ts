import type { OptionSpec } from './option-spec.ts'

/** Options that say which way requests to the provider take. */
export const networkOptions: readonly OptionSpec[] = [
  {
    name: 'proxy-url',
    kind: 'text',
    whenEmpty: 'direct',
    holdsSecret: (url) => /\/\/[^/]*@/.test(url),
    description:
      'proxy for all requests to the provider, or direct for none; HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide when it is not given',
    group: 'Provider:',
  },
  {
    name: 'oidc-discovery-url',
    kind: 'text',
    description:
      'URL of the discovery document, when it is not read below the issuer; it must name the issuer all the same',
    group: 'Provider:',
  },
  endpoint('authorization-endpoint', 'where the browser signs in'),
  endpoint('token-endpoint', 'where tokens are issued'),
  endpoint('jwks-uri', 'where the signing keys are'),
  endpoint('device-authorization-endpoint', 'where device codes are issued'),
  endpoint('revocation-endpoint', 'where refresh tokens are revoked'),
  endpoint('end-session-endpoint', 'where the browser signs out'),
  endpoint('pushed-authorization-request-endpoint', 'where authorization requests are pushed'),
  {
    name: 'tls-server-name',
    kind: 'text',
    description: 'name that the certificate must have, when it is not the host of the URL',
    group: 'Provider:',
  },
  {
    name: 'tls-min-version',
    kind: 'text',
    choices: ['1.2', '1.3'],
    byDefault: '1.2',
    description: 'oldest version of TLS that is spoken',
    group: 'Provider:',
  },
  {
    name: 'tls-renegotiation-once',
    kind: 'flag',
    description:
      'let a server ask for a renegotiation in TLS 1.2; it is not counted, because a connection carries one request',
    group: 'Provider:',
  },
  {
    name: 'tls-renegotiation-freely',
    kind: 'flag',
    description: 'the same',
    group: 'Provider:',
  },
]

/** A URL that takes the place of the one in the discovery document. */
function endpoint(name: string, what: string): OptionSpec {
  return {
    name: `oidc-${name}`,
    kind: 'text',
    description: `${what}, in the place of what the discovery document says`,
    group: 'Provider:',
  }
}
