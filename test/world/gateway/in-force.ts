import { OidcLoginError } from '../../../src/errors.ts'
import { celLanguage, compileMapping } from '../../../src/gateway/claims/index.ts'
import { type LoadedConfiguration, loadConfiguration } from '../../../src/gateway/config/index.ts'
import type { UserInfo } from '../../../src/gateway/identity/index.ts'
import { type Json, parseStrictJson } from '../../../src/gateway/json/index.ts'
import { nodeFiles } from '../../../src/system/index.ts'
import type { Setup, TokenClaims } from './mallory.ts'

/** A configuration that is in force. */
export interface InForce extends LoadedConfiguration {
  /** Who the bearer of a token is; undefined when it is refused. */
  userOf(claims: TokenClaims): UserInfo | undefined
}

/** The configuration as `serve` loads it; undefined when it refuses it. */
export function load({ jwt, gateway }: Setup): InForce | undefined {
  const documents = [
    {
      apiVersion: 'oidc-gateway/v1alpha1',
      kind: 'GatewayConfiguration',
      listen: { certFile: 'tls.crt', keyFile: 'tls.key' },
      ...gateway,
    },
    {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: [{ issuer: { url: 'https://a.example', audiences: ['cli'] }, ...jwt }],
    },
  ]
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
  const options = { files: nodeFiles, language: celLanguage, text }
  try {
    const loaded = loadConfiguration('/gateway.yaml', options)
    return { ...loaded, userOf: readerOf(loaded) }
  } catch (error) {
    if (error instanceof OidcLoginError) return undefined
    throw error
  }
}

function readerOf({ authentication }: LoadedConfiguration): InForce['userOf'] {
  const [authenticator] = authentication.jwt
  if (!authenticator) throw new Error('there is no provider')
  const mapping = compileMapping(authenticator)
  return (claims) => {
    const json: Json | undefined = parseStrictJson(JSON.stringify(claims))
    const mapped = json instanceof Map ? mapping(json) : undefined
    return mapped?.kind === 'user' ? mapped.user : undefined
  }
}
