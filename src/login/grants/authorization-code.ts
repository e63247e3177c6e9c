import { OidcLoginError } from '../../errors.ts'
import {
  fetchKeysAhead,
  newState,
  redeemAuthorization,
  rehearseRedemption,
  startAuthorization,
} from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { type CallbackListener, type CallbackResult, listenForCallback } from '../callback/index.ts'
import { awaitAnswer } from './answer.ts'
import type { GrantContext } from './grant.ts'
import { inviteToBrowser } from './invitation.ts'

/**
 * Signs in with the browser: authorization code (RFC 6749 §4.1) with PKCE (RFC 7636) and a loopback
 * redirect (RFC 8252 §7.3). The browser sees the result only when it is known.
 */
export async function authorizationCode(context: GrantContext): Promise<Session> {
  const state = newState()
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, context.system.interrupted])
  const listener = await listen(context, state, signal)
  try {
    const session = await signInThrough(listener, context, state, signal)
    await listener.finish(signedIn(context, session))
    return session
  } catch (error) {
    await listener.finish(failure(error))
    throw error
  } finally {
    ended.abort()
    listener.close()
  }
}

async function listen(
  { system, provider, settings }: GrantContext,
  state: string,
  signal: AbortSignal,
): Promise<CallbackListener> {
  return await listenForCallback(system, {
    addresses: settings.listenAddresses,
    redirectUrl: settings.redirectUrl,
    tls: settings.listenerTls,
    state,
    issuer: provider.metadata.issuer,
    issRequired: provider.metadata.authorization_response_iss_parameter_supported === true,
    onIgnored: (reason) => system.terminal.stderr(`Ignored a request to the callback: ${reason}`),
    signal,
  })
}

async function signInThrough(
  listener: CallbackListener,
  context: GrantContext,
  state: string,
  signal: AbortSignal,
): Promise<Session> {
  const { system, provider, settings } = context
  const request = await startAuthorization(system, provider, {
    isPushed: settings.pushAuthorizationRequest,
    redirectUri: listener.redirectUri,
    extraScopes: settings.extraScopes,
    pkceMethod: settings.pkceMethod,
    extraParameters: { ...settings.identity.extraParameters, ...settings.oneTimeParameters },
    targets: settings.identity,
    state,
  })
  await inviteToBrowser(system, settings, request.url)
  const keys = fetchKeysAhead(provider)
  void rehearse(system, listener)
  const answer = await awaitAnswer(context, listener, { state, signal })
  system.log.trace(1, () => 'the browser came back; exchanging the code for tokens')
  await keys
  return context.toSession(await redeemAuthorization(system, provider, request, answer))
}

/** An executable runs code for the first time several times slower; the person in the browser does not notice. */
async function rehearse(system: GrantContext['system'], listener: CallbackListener): Promise<void> {
  await listener.rehearse()
  await rehearseRedemption(system)
}

function signedIn({ settings }: GrantContext, session: Session): CallbackResult {
  return {
    kind: 'signed-in',
    ...(session.username ? { identity: session.username } : {}),
    ...(settings.cluster ? { cluster: settings.cluster } : {}),
    ...(settings.openUrlAfterAuthentication
      ? { redirectTo: settings.openUrlAfterAuthentication }
      : {}),
  }
}

function failure(error: unknown): CallbackResult {
  if (!(error instanceof OidcLoginError)) {
    return { kind: 'failed', reason: 'An unexpected error occurred. The terminal says more.' }
  }
  return {
    kind: error.code === 'sign_in_refused' ? 'refused' : 'failed',
    reason: error.message,
    ...(error.hint ? { hint: error.hint } : {}),
  }
}
