import { OidcLoginError } from '../errors.ts'
import { printable } from '../printable.ts'

/**
 * What an API server means by an answer that is no review.
 *
 * @param url of the API server, for people
 * @param body parsed JSON; undefined when it was none
 */
export function refusalOf(status: number, body: unknown, url: string): OidcLoginError {
  if (status === 401) return tokenNotAccepted(url, 'status 401')
  if (!isStatus(body)) {
    if (status === 429 || status >= 500) return unavailable(url, `status ${status}`)
    return notAnApiServer(url, `it answers with status ${status}, and not as an API server does`)
  }
  const said = saidBy(body) ?? `status ${status}`
  if (status === 403) return forbidden(url, said)
  if (status === 404) return tooOld(url)
  if (status === 429 || status >= 500) return unavailable(url, said)
  return notAnApiServer(url, said)
}

/** The API server did not believe the token. It never says why: its log does. */
export function tokenNotAccepted(url: string, why: string): OidcLoginError {
  return new OidcLoginError(
    'token_not_accepted',
    `The API server ${url} does not accept the token (${why}).`,
    {
      hint: 'Compare the issuer and the audience of the token with what the API server is configured for; its log names the reason.',
    },
  )
}

/** Makes the error for something else than an API server. `why` goes on after a colon. */
export function notAnApiServer(url: string, why: string): OidcLoginError {
  return new OidcLoginError(
    'api_server_response_invalid',
    `${url} does not work as a Kubernetes API server: ${why}.`,
    { hint: 'Check the URL of the API server, and proxies and load balancers in front of it.' },
  )
}

function forbidden(url: string, said: string): OidcLoginError {
  return new OidcLoginError(
    'review_forbidden',
    `The API server ${url} accepts the token, but does not let the user ask who he is: ${said}.`,
    {
      hint: 'Bind the group system:authenticated to the cluster role system:basic-user, as every cluster does by default; before Kubernetes 1.28 there is no such question.',
    },
  )
}

function tooOld(url: string): OidcLoginError {
  return new OidcLoginError(
    'api_server_too_old',
    `The API server ${url} does not know SelfSubjectReview, which came with Kubernetes 1.28.`,
    { hint: 'See whether kubectl works: "kubectl auth can-i --list".' },
  )
}

function unavailable(url: string, said: string): OidcLoginError {
  return new OidcLoginError(
    'api_server_unavailable',
    `The API server ${url} is unavailable: ${said}.`,
    { hint: 'Try again in a moment.' },
  )
}

/** `metav1.Status`, in which an API server tells its failures. */
function isStatus(body: unknown): body is object {
  return typeof body === 'object' && body !== null && Reflect.get(body, 'kind') === 'Status'
}

function saidBy(status: object): string | undefined {
  const message: unknown = Reflect.get(status, 'message')
  if (typeof message !== 'string' || message === '') return undefined
  return printable(message, 300).replace(/\.$/, '')
}
