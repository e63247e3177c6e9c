import { printable } from '../printable.ts'
import {
  connectToProvider,
  newState,
  type ProviderSettings,
  providerFetch,
  startAuthorization,
} from '../provider/index.ts'
import type { DoctorContext } from './check.ts'

/** What the provider answers to a request for a redirect URI. */
export type Answer =
  /** It is registered. `objection` is an error that has nothing to do with the missing user. */
  | { readonly kind: 'accepted'; readonly objection: string | undefined }
  /** `reason` is what the provider says, made fit for a terminal. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The provider answers alike for a URI that nobody can have registered. */
  | { readonly kind: 'unclear' }

/**
 * Asks the authorization endpoint whether it would send a user back to a redirect URI.
 *
 * @throws OidcLoginError those of the connection
 */
export async function askForRedirect(
  context: DoctorContext,
  provider: ProviderSettings,
  redirectUri: string,
): Promise<Answer> {
  const answer = await ask(context, provider, redirectUri)
  if (answer.kind !== 'unclear') return answer
  // Some providers send everybody to their login page, and look at the redirect URI before or after.
  const control = await ask(context, provider, 'http://localhost:1/nobody-has-registered-this')
  return control.kind === 'refused' ? { kind: 'accepted', objection: undefined } : answer
}

/** What a provider says when only the user is missing (OpenID Connect Core §3.1.2.6). */
const userIsMissing = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
])

async function ask(
  { system, discover, extraScopes, extraParameters, key }: DoctorContext,
  settings: ProviderSettings,
  redirectUri: string,
): Promise<Answer> {
  const discovery = await discover(settings)
  if (discovery.kind === 'failed') throw discovery.error
  const state = newState()
  const { url } = await startAuthorization(system, discovery.provider, {
    redirectUri,
    extraScopes,
    pkceMethod: 'S256',
    // Where the provider demands it, the request is pushed all the same.
    isPushed: false,
    extraParameters: { ...extraParameters, prompt: 'none' },
    targets: key?.identity ?? {},
    state,
  })
  const response = await providerFetch(system, connectToProvider(system, settings))(url)
  const location = response.headers.get('location')
  if (location !== null && URL.canParse(location, url.href)) {
    return judgeRedirect(new URL(location, url), redirectUri)
  }
  if (response.status < 400) return { kind: 'unclear' }
  const said = errorText(await response.text(), state)
  return { kind: 'refused', reason: said === '' ? `status ${response.status}` : said }
}

function judgeRedirect(target: URL, redirectUri: string): Answer {
  const wanted = new URL(redirectUri)
  if (target.origin === wanted.origin && target.pathname === wanted.pathname) {
    const error = target.searchParams.get('error')
    if (error === null || userIsMissing.has(error)) {
      return { kind: 'accepted', objection: undefined }
    }
    const description = target.searchParams.get('error_description')
    const objection = printable(error) + (description ? ` (${printable(description)})` : '')
    return { kind: 'accepted', objection }
  }
  const error = target.searchParams.get('error')
  return error === null ? { kind: 'unclear' } : { kind: 'refused', reason: printable(error) }
}

/** What a person would read on an error page, or in an error document (RFC 6749 §5.2). */
function errorText(body: string, state: string): string {
  return printable(textOf(body).replaceAll(state, '…'), 200).replace(/\.$/, '')
}

function textOf(body: string): string {
  try {
    const { error, error_description: description } = Object(JSON.parse(body))
    return [error, description].filter((part) => typeof part === 'string').join(': ')
  } catch {
    return body
      .replaceAll(/<(script|style|head|title)\b[\s\S]*?<\/\1>/gi, ' ')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  }
}
