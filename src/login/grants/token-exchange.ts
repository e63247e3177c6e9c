import { exchangeToken, requestedScopes } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import type { GrantContext } from './grant.ts'

/** Signs in with a token that the provider accepts in the place of a person (RFC 8693). */
export async function tokenExchange(context: GrantContext): Promise<Session> {
  const { system, provider, settings } = context
  const { extraParameters, requestedTokenType } = settings.identity
  const parameters = {
    ...extraParameters,
    ...settings.presented?.parameters,
    ...(requestedTokenType === undefined ? {} : { requested_token_type: requestedTokenType }),
    scope: requestedScopes(settings.extraScopes).join(' '),
  }
  return context.toSession(await exchangeToken(system, provider, parameters, settings.identity))
}
