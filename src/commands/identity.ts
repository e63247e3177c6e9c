import { OidcLoginError } from '../errors.ts'
import type { SessionIdentity } from '../session/index.ts'
import type { OptionValues } from './given-options.ts'
import { environmentVariable } from './option-spec.ts'
import { tokenTypeUri } from './token-type.ts'

/**
 * Which session the options mean.
 *
 * @throws OidcLoginError `usage_invalid` when the issuer or the client is missing
 */
export function sessionIdentity(options: OptionValues): SessionIdentity {
  const requestedTokenType = options.text('requested-token-type')
  return {
    issuer: mandatory(options, 'oidc-issuer-url'),
    clientId: mandatory(options, 'oidc-client-id'),
    scopes: [...without(options.list('oidc-extra-scope'), 'openid'), 'openid'],
    tokenKind: options.flag('oidc-use-access-token') ? 'access_token' : 'id_token',
    extraParameters: options.map('oidc-auth-request-extra-params'),
    username: options.text('username'),
    grant: machineGrant(options.text('grant-type')),
    profile: options.text('profile'),
    audiences: unlessEmpty(options.list('audience')),
    resources: unlessEmpty(options.list('resource')),
    requestedTokenType: requestedTokenType && tokenTypeUri(requestedTokenType),
  }
}

/** The name of the grant, when it is one in which no person signs in. */
function machineGrant(type: string | undefined): string | undefined {
  switch (type) {
    case 'client-credentials':
    case 'jwt-bearer':
    case 'token-exchange':
      return type
    default:
      return undefined
  }
}

/** Sessions without it keep the name that they have always had. */
function unlessEmpty(texts: readonly string[]): readonly string[] | undefined {
  const given = without(texts, '')
  return given.length > 0 ? given : undefined
}

function without(texts: readonly string[], unwanted: string): readonly string[] {
  return texts.length === 0 ? texts : texts.filter((text) => text !== unwanted)
}

function mandatory(options: OptionValues, name: string): string {
  const value = options.text(name)
  if (value !== undefined) return value
  throw new OidcLoginError('usage_invalid', `The option --${name} is missing.`, {
    hint: `Give it on the command line, or as ${environmentVariable({ name })}.`,
  })
}
