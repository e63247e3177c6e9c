import { OidcLoginError } from '../../errors.ts'
import {
  fetchKeysAhead,
  newState,
  redeemAuthorization,
  rehearseRedemption,
  startAuthorization,
} from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { compileNoMore } from '../../system/index.ts'
import { type CallbackListener, type CallbackResult, listenForCallback } from '../callback/index.ts'
import { awaitAnswer } from './answer.ts'
import type { GrantContext } from './grant.ts'
import { inviteToBrowser } from './invitation.ts'

/**
 * Signs in with the browser: authorization code (RFC 6749 §4.1) with PKCE (RFC 7636) and a loopback
 * redirect (RFC 8252 §7.3). The browser sees the result only when it is known; a credential that somebody waits for
 * goes out first.
 */
export async function authorizationCode(context: GrantContext): Promise<Session> {
  const state = newState()
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, context.system.interrupted])
  const listener = await listen(context, state, signal)
  const end = async (result: CallbackResult): Promise<void> => {
    await listener.finish(result)
    ended.abort()
    listener.close()
  }
  try {
    const session = await signInThrough(listener, context, state, signal)
    context.afterwards(() => end(signedIn(context, session)))
    return session
  } catch (error) {
    await end(failure(error))
    throw error
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
  let isWaiting = true
  void rehearse(context, listener, () => isWaiting)
  const answer = await awaitAnswer(context, listener, { state, signal }).finally(() => {
    isWaiting = false
  })
  system.log.trace(1, () => 'the browser came back; exchanging the code for tokens')
  await keys
  return context.toSession(await redeemAuthorization(system, provider, request, answer))
}

/** For as long as the connection to the provider is kept; who comes later waits longer anyway. */
const rehearsals = 20
const pauseMs = 100

/**
 * Code runs several times slower for the first time, and slower again when the processor has forgotten it; the person
 * in the browser does not notice how it is kept warm.
 */
async function rehearse(
  { system, toSession }: GrantContext,
  listener: CallbackListener,
  isWaiting: () => boolean,
): Promise<void> {
  compileNoMore()
  for (let times = 0; times < rehearsals && isWaiting(); times += 1) {
    await listener.rehearse()
    await rehearseRedemption(toSession)
    await system.clock.sleep(pauseMs, undefined, 'background')
  }
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
