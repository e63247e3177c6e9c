import { requestedScopes, requestForm, requestTokens } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import type { GrantContext } from './grant.ts'

/** Signs in as the client itself; there is no person (RFC 6749 §4.4). */
export async function clientCredentials(context: GrantContext): Promise<Session> {
  const { system, provider, settings } = context
  const parameters = {
    ...settings.identity.extraParameters,
    scope: requestedScopes(settings.extraScopes).join(' '),
  }
  const form = requestForm(parameters, settings.identity)
  return context.toSession(await requestTokens(system, provider, 'client_credentials', form))
}
