import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { parseJson } from '../json/index.ts'
import type { Ask, Request } from './ask.ts'
import type { HttpAnswer } from './http-answer.ts'

/** Who the API server takes the sender of a request for. */
export interface Person {
  readonly username: string
  readonly groups: readonly string[]
  /** All of it, in one text, to compare. */
  readonly whole: string
}

/** The question who the sender is (`SelfSubjectReview`), without a credential. */
export function whoAmI(...lines: readonly string[]): Request {
  const apiVersion = 'authentication.k8s.io/v1'
  return {
    method: 'POST',
    target: `/apis/${apiVersion}/selfsubjectreviews`,
    lines,
    body: { apiVersion, kind: 'SelfSubjectReview' },
  }
}

/** Who it is according to an answer to {@link whoAmI}; undefined when it does not say. */
export function personIn({ status, body }: HttpAnswer): Person | undefined {
  if (status !== 200 && status !== 201) return undefined
  const user = Object(Object(Object(parseJson(body)).status).userInfo)
  const { username, uid = '', groups = [], extra = {} } = user
  if (typeof username !== 'string' || !Array.isArray(groups)) return undefined
  const names = groups.map(String)
  const extras = Object.entries(Object(extra)).sort(([one], [other]) => (one < other ? -1 : 1))
  return {
    username,
    groups: names,
    whole: JSON.stringify([username, String(uid), [...names].sort(), extras]),
  }
}

/**
 * Asks who the bearer of a token is.
 *
 * @throws OidcLoginError `token_not_accepted`, `api_server_response_invalid`
 */
export async function askPerson(ask: Ask, bearerLine: string): Promise<Person> {
  const answer = await ask(whoAmI(bearerLine))
  const person = personIn(answer)
  if (person) return person
  if (answer.status === 401) {
    throw new OidcLoginError(
      'token_not_accepted',
      `The gateway does not accept the token: ${messageIn(answer)}.`,
      {
        hint: 'Get a new one: kubectl oidc-login get-token. Its issuer and audience must be in the configuration.',
      },
    )
  }
  throw new OidcLoginError(
    'api_server_response_invalid',
    `A SelfSubjectReview is answered with ${answer.status}: ${messageIn(answer)}.`,
    { hint: 'Look at readiness and log of the gateway; check --server.' },
  )
}

/** The sentence of a `metav1.Status`, without its full stop. */
export function messageIn({ body }: HttpAnswer): string {
  const { message } = Object(parseJson(body))
  return typeof message === 'string' ? printable(message, 300).replace(/\.$/, '') : 'no message'
}
