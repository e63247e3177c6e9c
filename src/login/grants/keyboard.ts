import { OidcLoginError } from '../../errors.ts'
import {
  fetchKeysAhead,
  newState,
  redeemAuthorization,
  startAuthorization,
} from '../../provider/index.ts'
import type { Session } from '../../session/index.ts'
import { parsePastedCallback } from '../callback/index.ts'
import { ask } from './ask.ts'
import type { GrantContext } from './grant.ts'

/**
 * Signs in with a browser that cannot reach this computer: the user types the code that the page
 * shows, or pastes the address that the browser ended on. A whole address is checked as a callback
 * is; a bare code is bound to this sign-in by PKCE and the nonce alone.
 */
export async function authorizationCodeByKeyboard(context: GrantContext): Promise<Session> {
  const { system, provider, settings } = context
  const { redirectUrl } = settings
  if (redirectUrl === undefined) throw noRedirectUrl()
  const state = newState()
  const request = await startAuthorization(system, provider, {
    isPushed: settings.pushAuthorizationRequest,
    redirectUri: redirectUrl,
    extraScopes: settings.extraScopes,
    pkceMethod: settings.pkceMethod,
    extraParameters: { ...settings.identity.extraParameters, ...settings.oneTimeParameters },
    targets: settings.identity,
    state,
  })
  system.terminal.stderr(`To sign in, visit this URL in your browser:\n\n  ${request.url.href}\n`)
  const keys = fetchKeysAhead(provider)
  const answer = await typedAnswer(context, state)
  await keys
  return context.toSession(await redeemAuthorization(system, provider, request, answer))
}

async function typedAnswer(context: GrantContext, state: string): Promise<URLSearchParams> {
  const { system, provider, settings } = context
  const deadline = system.clock.elapsed() + settings.authenticationTimeoutMs
  for (;;) {
    const authenticationTimeoutMs = Math.max(0, deadline - system.clock.elapsed())
    const typed = await ask(
      { system, settings: { ...settings, authenticationTimeoutMs } },
      question,
    )
    const text = typed.trim()
    if (text === '') continue
    if (!isAddress(text)) return new URLSearchParams({ code: text })
    const outcome = parsePastedCallback(text, {
      state,
      issuer: provider.metadata.issuer,
      issRequired: provider.metadata.authorization_response_iss_parameter_supported === true,
    })
    if (outcome.kind === 'accepted') return outcome.callback.parameters
    system.terminal.stderr(`That cannot be used: ${outcome.reason}`)
  }
}

const question = {
  text: 'Code, or the address that the browser ended on: ',
  isHidden: false,
  what: 'the code',
  otherwise: 'Use --grant-type=device-code, which needs no terminal.',
}

/** A code may hold any printable character (RFC 6749 appendix A.11), but is no address. */
function isAddress(text: string): boolean {
  return /^["'<]?[a-z][a-z0-9+.-]*:/i.test(text) || /(?:^|[?&#])(?:code|error|state)=/.test(text)
}

function noRedirectUrl(): OidcLoginError {
  return new OidcLoginError(
    'usage_invalid',
    'The grant authcode-keyboard needs --oidc-redirect-url.',
    {
      hint: 'Give a redirect URI of the client that is registered at the provider, for example the page that shows the code, or http://localhost:8000.',
    },
  )
}
