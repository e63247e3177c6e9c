import { OidcLoginError } from '../errors.ts'
import {
  diskStore,
  noStore,
  type SessionIdentity,
  type SessionStore,
  sessionFolder,
} from '../session/index.ts'
import type { System } from '../system/index.ts'
import { environmentVariable } from './option-spec.ts'
import type { OptionValues } from './options.ts'

/**
 * Which session the options mean.
 *
 * @throws OidcLoginError `usage_invalid` when the issuer or the client is missing
 */
export function sessionIdentity(options: OptionValues): SessionIdentity {
  return {
    issuer: mandatory(options, 'oidc-issuer-url'),
    clientId: mandatory(options, 'oidc-client-id'),
    scopes: [...options.list('oidc-extra-scope').filter((scope) => scope !== 'openid'), 'openid'],
    tokenKind: options.flag('oidc-use-access-token') ? 'access_token' : 'id_token',
    extraParameters: options.map('oidc-auth-request-extra-params'),
    username: options.text('username'),
    grant: machineGrants.find((grant) => grant === options.text('grant-type')),
  }
}

/** Where the options say that sessions are kept. */
export function sessionStore(system: System, options: OptionValues): SessionStore {
  if (options.text('token-cache-storage') === 'none') return noStore
  return diskStore(system, sessionFolder(system, options.text('token-cache-dir')))
}

/** Grants in which no person signs in. */
const machineGrants = ['client-credentials']

function mandatory(options: OptionValues, name: string): string {
  const value = options.text(name)
  if (value !== undefined) return value
  throw new OidcLoginError('usage_invalid', `The option --${name} is missing.`, {
    hint: `Give it on the command line, or as ${environmentVariable({ name })}.`,
  })
}
