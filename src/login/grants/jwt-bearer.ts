import { requestedScopes, requestForm, requestTokens } from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import type { GrantContext } from './grant.ts'

/**
 * Signs in with a JWT that somebody else has issued, for example the one that Kubernetes puts into a
 * pod for its service account (RFC 7523 §2.1).
 */
export async function jwtBearer(context: GrantContext): Promise<Session> {
  const { system, provider, settings } = context
  const parameters = {
    ...settings.identity.extraParameters,
    ...settings.presented?.parameters,
    scope: requestedScopes(settings.extraScopes).join(' '),
  }
  const form = requestForm(parameters, settings.identity)
  return context.toSession(await requestTokens(system, provider, jwtBearerGrant, form))
}

const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
