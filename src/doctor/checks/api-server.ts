import { OidcLoginError } from '../../errors.ts'
import { type ApiServerUser, apiServerOf, selfSubjectReview } from '../../kubernetes/index.ts'
import { printable } from '../../printable.ts'
import { isFresh } from '../../session/index.ts'
import { explainRefusal } from '../api-server-trust.ts'
import { type Check, type Finding, noProvider, skipped } from '../check.ts'

/** Whether the API server accepts the stored token, and whom it sees in it. */
export const apiServerCheck: Check = {
  name: 'api-server',
  needs: ['session'],
  async run({ system, provider, key, store, cluster }) {
    if (provider === undefined || key === undefined) return noProvider
    if (cluster === undefined) {
      return skipped('No context of the kubeconfig uses this session, so no API server is known.')
    }
    const outcome = await store.read(key)
    if (outcome.kind !== 'found') {
      return skipped('There is no token to show: sign in, and ask the doctor again.')
    }
    const { session } = outcome
    if (!isFresh(session, system.clock.now())) {
      return skipped(
        'The stored token has ended: renew it with any kubectl command, and ask again.',
      )
    }
    const server = apiServerOf(system, cluster)
    const review = { token: session.token, timeoutMs: provider.requestTimeoutMs }
    try {
      return accepted(server.url, await selfSubjectReview(system, server, review))
    } catch (error) {
      if (!(error instanceof OidcLoginError)) throw error
      return refused(error, session.token, provider.certificateAuthorities.length > 0)
    }
  },
}

function accepted(url: string, { username, groups }: ApiServerUser): Finding {
  const list = groups.length > 0 ? groups.map((group) => printable(group)).join(', ') : 'none'
  return {
    verdict: 'ok',
    message: `The API server ${printable(url)} sees the user "${printable(username)}" in the groups: ${printable(list, 1_000)}.`,
  }
}

function refused(error: OidcLoginError, token: string, hasPrivateAuthority: boolean): Finding {
  const { code, message, hint: remedy } = error
  if (code === 'token_not_accepted') {
    return { verdict: 'failed', message, ...explainRefusal(token, hasPrivateAuthority) }
  }
  // In both cases the token has been accepted.
  if (code === 'review_forbidden') return { verdict: 'ok', message }
  if (code === 'api_server_too_old') return { ...skipped(message), remedy }
  throw error
}
