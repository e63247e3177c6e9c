import { printable } from '../../printable.ts'
import { isFresh, type Session } from '../../session/index.ts'
import { type Check, type DoctorContext, type Finding, noProvider, skipped } from '../check.ts'
import { audiencesIn, type Claims, claimsOf, shown } from '../claims.ts'

/** Whether a session is stored, its token is for this client, and how it goes on when it ends. */
export const sessionCheck: Check = {
  name: 'session',
  async run(context) {
    const { key, store } = context
    if (key === undefined) return noProvider
    const outcome = await store.read(key)
    if (outcome.kind === 'damaged') {
      return {
        verdict: 'warning',
        message: `The stored session is damaged: ${outcome.reason}.`,
        remedy: 'Nothing: the next command signs in again and replaces it.',
      }
    }
    if (outcome.kind === 'absent') return await absent(context)
    return judge(context, outcome.session)
  },
}

/** Options that differ make another session: the most common reason for an unexpected sign-in. */
async function absent({ everyStore, key }: DoctorContext): Promise<Finding> {
  const similar = (await everyStore.list()).filter(
    ({ identity }) =>
      identity.issuer === key?.identity.issuer && identity.clientId === key.identity.clientId,
  )
  if (similar.length === 0) {
    return skipped('No session is stored: the next command signs in.')
  }
  return {
    verdict: 'warning',
    message: `No session is stored for exactly these options, but ${similar.length} for the same client with other scopes, parameters or kind of token.`,
    remedy:
      'Give the doctor the options of the kubeconfig, or the kubeconfig the options of login.',
  }
}

function judge({ system, provider }: DoctorContext, session: Session): Finding {
  const { identity, expiresAt, refreshToken, username, subject } = session
  const claims = claimsOf(session.token)
  const wrong =
    claims && provider
      ? contradiction(claims, provider.issuer, provider.clientId, identity.tokenKind === 'id_token')
      : undefined
  if (wrong !== undefined) {
    return {
      verdict: 'failed',
      message: wrong,
      remedy: 'Run "kubectl oidc-login logout", then sign in again.',
    }
  }
  const who = printable(username ?? subject ?? 'A user without a name')
  const until = new Date(expiresAt).toISOString()
  const isEnded = !isFresh(session, system.clock.now())
  const message = `${who} is signed in; the token ${isEnded ? 'ended' : 'lasts until'} ${until}.`
  if (refreshToken !== undefined) {
    return { verdict: 'ok', message: `${message} It is renewed without the browser.` }
  }
  return {
    verdict: 'warning',
    message: `${message} There is no refresh token, so the browser is needed then.`,
    remedy: 'Add --oidc-extra-scope=offline_access, and allow it for the client at the provider.',
  }
}

/** What the API server would object to, as a sentence. */
function contradiction(
  claims: Claims,
  issuer: string,
  clientId: string,
  isIdToken: boolean,
): string | undefined {
  if (claims.iss !== issuer) {
    return `The token names the issuer ${shown(claims.iss)}, not ${issuer}.`
  }
  if (isIdToken && !audiencesIn(claims).includes(clientId)) {
    return `The token is for ${shown(claims.aud)}, not for ${clientId}.`
  }
  if (isIdToken && claims.azp !== undefined && claims.azp !== clientId) {
    return `The token was issued to the client ${shown(claims.azp)} (azp), not to ${clientId}.`
  }
  return undefined
}
