import { OidcLoginError } from '../../../errors.ts'
import { type Check, failed, ok, warning } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import type { Request } from '../ask.ts'
import { bearer, type VerifyContext } from '../context.ts'
import { personIn, whoAmI } from '../identity.ts'

/** Requests by which somebody who is let in tries to become somebody else. */
interface Attack {
  readonly name: string
  /** The requests, each with the line of an honest credential. */
  requests(credential: string): readonly Request[]
  /** Whether only a refusal will do; otherwise an attack may also have no effect. */
  readonly mustBeRefused?: boolean
}

const admin = 'system:admin'
const masters = 'system:masters'

const attacks: readonly Attack[] = [
  {
    // The names in Connection are dropped on the way: with them, what the gateway itself has added.
    name: 'connection-header',
    requests: (credential) => [
      whoAmI(credential, 'Connection: close, Impersonate-User, Impersonate-Group'),
      whoAmI(credential, 'connection: impersonate-user'),
      whoAmI(credential, 'Connection: foo,\t Impersonate-User', 'Connection: Impersonate-Group'),
      whoAmI(credential, 'Connection: Authorization'),
      { ...whoAmI(credential, 'Connection: keep-alive, Impersonate-User'), version: '1.0' },
    ],
  },
  {
    name: 'impersonate-lines',
    requests: (credential) => [
      whoAmI(credential, `Impersonate-Group: ${masters}`),
      whoAmI(credential, `impersonate-user: ${admin}`, `IMPERSONATE-GROUP: ${masters}`),
      whoAmI(credential, 'Impersonate-Uid: 0', 'Impersonate-Extra-scopes: all'),
      whoAmI(credential, `Impersonate-User: ${admin}`, 'Impersonate-User: nobody'),
    ],
    mustBeRefused: true,
  },
  {
    // Each is one line to some parsers, and two, or another one, to others.
    name: 'malformed-lines',
    requests: (credential) => [
      whoAmI(credential, `X-Any: a\nImpersonate-User: ${admin}`),
      whoAmI(credential, `X-Any: a\r\n Impersonate-User: ${admin}`),
      whoAmI(credential, `Impersonate-User : ${admin}`),
      whoAmI(credential, `Impersonate-User\x00: ${admin}`),
    ],
    mustBeRefused: true,
  },
  {
    name: 'underscores',
    requests: (credential) => [
      whoAmI(credential, `Impersonate_User: ${admin}`),
      whoAmI(credential, `impersonate_group: ${masters}`),
      whoAmI(credential, `X_Remote_User: ${admin}`),
    ],
  },
  {
    name: 'front-proxy-lines',
    requests: (credential) => [
      whoAmI(credential, `X-Remote-User: ${admin}`, `X-Remote-Group: ${masters}`),
      whoAmI(credential, `X-Forwarded-User: ${admin}`, `X-Auth-Request-User: ${admin}`),
    ],
  },
  {
    name: 'second-authorization',
    requests: (credential) => [
      whoAmI(credential, 'Authorization: Bearer another'),
      whoAmI('Authorization: Bearer another', credential),
    ],
    mustBeRefused: true,
  },
  {
    name: 'second-host',
    requests: (credential) => [whoAmI(credential, 'Host: kubernetes.default.svc')],
    mustBeRefused: true,
  },
  {
    name: 'framing',
    requests: (credential) => [
      whoAmI(credential, 'Transfer-Encoding: chunked'),
      whoAmI(credential, 'Content-Length: 0'),
      whoAmI(credential, 'Transfer-Encoding: xchunked'),
    ],
    mustBeRefused: true,
  },
  {
    name: 'paths',
    requests: (credential) =>
      [
        '/api/v1/../../version',
        '/api/%2e%2e/version',
        '//version',
        '/version#/healthz',
        '/version\\..',
        'http://kubernetes.default.svc/version',
      ].map((target) => ({ target, lines: [credential] })),
    mustBeRefused: true,
  },
  {
    name: 'methods',
    requests: (credential) =>
      ['TRACE', 'CONNECT'].map((method) => ({
        method,
        target: method === 'CONNECT' ? 'kubernetes.default.svc:443' : '/version',
        lines: [credential],
      })),
    mustBeRefused: true,
  },
  {
    name: 'upgrade-h2c',
    requests: (credential) => [
      {
        target: '/version',
        lines: [
          credential,
          'Connection: Upgrade, HTTP2-Settings',
          'Upgrade: h2c',
          'HTTP2-Settings: AAMAAABk',
        ],
      },
    ],
    mustBeRefused: true,
  },
]

/** A check for each attack. */
export const attackChecks: readonly Check<VerifyContext>[] = attacks.map((attack) => ({
  name: `attack ${attack.name}`,
  needs: ['identity'],
  async run(context) {
    const honest = await context.person()
    const results: Result[] = []
    for (const request of attack.requests(bearer(context))) {
      results.push(await resultOf(context, request, honest.whole))
    }
    const words = results.map(({ text }) => text).join(', ')
    const kinds = new Set(results.map(({ kind }) => kind))
    const isHarmless = kinds.has('harmless') && !attack.mustBeRefused
    if (kinds.has('effect') || (kinds.has('harmless') && attack.mustBeRefused)) {
      return failed(
        `Not refused: ${words}.`,
        'Let nobody reach this gateway before you know why; check that --server is the gateway itself.',
      )
    }
    if (kinds.has('unclear')) return warning(`No clear refusal: ${words}.`)
    return ok(isHarmless ? `Refused, or without effect: ${words}.` : `Refused: ${words}.`)
  },
}))

interface Result {
  readonly kind: 'refused' | 'harmless' | 'effect' | 'unclear'
  readonly text: string
}

async function resultOf({ ask }: VerifyContext, request: Request, honest: string): Promise<Result> {
  try {
    const answer = await ask(request)
    const { status } = answer
    if (status >= 400 && status < 500) return { kind: 'refused', text: `${status}` }
    const person = personIn(answer)
    if (person?.whole === honest) return { kind: 'harmless', text: 'no effect' }
    if (person) return { kind: 'effect', text: `became "${printable(person.username)}"` }
    if (status < 400) return { kind: 'effect', text: `answered with ${status}` }
    return { kind: 'unclear', text: `${status}` }
  } catch (error) {
    const isClosed = error instanceof OidcLoginError && error.code === 'api_server_unreachable'
    if (!isClosed) throw error
    return { kind: 'refused', text: 'connection closed' }
  }
}
