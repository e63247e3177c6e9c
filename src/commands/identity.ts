import { OidcLoginError } from '../errors.ts'
import {
  diskStore,
  noStore,
  type SessionIdentity,
  type SessionStore,
  sessionFolder,
} from '../session/index.ts'
import type { System } from '../system/index.ts'
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
    scopes: [...options.list('oidc-extra-scope').filter((scope) => scope !== 'openid'), 'openid'],
    tokenKind: options.flag('oidc-use-access-token') ? 'access_token' : 'id_token',
    extraParameters: options.map('oidc-auth-request-extra-params'),
    username: options.text('username'),
    grant: machineGrants.find((grant) => grant === options.text('grant-type')),
    profile: options.text('profile'),
    audiences: unlessEmpty(options.list('audience')),
    resources: unlessEmpty(options.list('resource')),
    requestedTokenType: requestedTokenType && tokenTypeUri(requestedTokenType),
  }
}

/** Where the options say that sessions are kept. The keychain's room is loaded when it is chosen. */
export async function sessionStore(system: System, options: OptionValues): Promise<SessionStore> {
  const storage = options.text('token-cache-storage')
  if (storage === 'none') return noStore
  const folder = sessionFolder(system, options.text('token-cache-dir'))
  if (storage !== 'keyring' && storage !== 'auto') return diskStore(system, folder)
  const { autoStore, keyringStore } = await import('../keyring/index.ts')
  return storage === 'auto' ? autoStore(system, folder) : keyringStore(system, folder)
}

/**
 * The store of commands that show or end sessions, whichever storage wrote them: it reads plain and
 * encrypted files, and asks the keychain only when there is an encrypted one.
 */
export async function everySessionStore(
  system: System,
  options: OptionValues,
): Promise<SessionStore> {
  if (options.text('token-cache-storage') === 'none') return noStore
  const { keyringStore } = await import('../keyring/index.ts')
  return keyringStore(system, sessionFolder(system, options.text('token-cache-dir')))
}

/** Grants in which no person signs in. */
const machineGrants = ['client-credentials', 'jwt-bearer', 'token-exchange']

/** Sessions without it keep the name that they have always had. */
function unlessEmpty(texts: readonly string[]): readonly string[] | undefined {
  const given = texts.filter((text) => text !== '')
  return given.length > 0 ? given : undefined
}

function mandatory(options: OptionValues, name: string): string {
  const value = options.text(name)
  if (value !== undefined) return value
  throw new OidcLoginError('usage_invalid', `The option --${name} is missing.`, {
    hint: `Give it on the command line, or as ${environmentVariable({ name })}.`,
  })
}
