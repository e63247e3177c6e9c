import type { HeaderLine, Refusal, RefusalReason } from '../request/index.ts'

/** An answer of our own, complete. */
export interface OwnResponse {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly body: string
}

/**
 * For answers that are ours alone: nobody keeps, frames or sniffs them (rule H11). They hold for pages
 * as well, which bring a `Content-Security-Policy` of their own.
 */
const securityHeaders: readonly HeaderLine[] = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
]

/** Reasons of `metav1.Status` (k8s.io/apimachinery pkg/apis/meta/v1/types.go); kubectl prints them. */
const statusReasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'MethodNotAllowed',
  408: 'Timeout',
  421: 'MisdirectedRequest',
  429: 'TooManyRequests',
  431: 'RequestHeaderFieldsTooLarge',
  500: 'InternalError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** What a client makes of the body of an error. */
export type ErrorForm = 'status' | 'text'

/**
 * How a client wants errors. The discovery client of client-go (k8s.io/client-go/discovery) does not look
 * into a `metav1.Status`, and tells of an "unknown" error; plain text it quotes. It is known by what it
 * accepts.
 */
export function errorForm(accept: string | undefined): ErrorForm {
  return accept?.includes('as=APIGroupDiscoveryList') ? 'text' : 'status'
}

/**
 * The answer to a request that ends here, as kubectl prints it well: a `metav1.Status`. It quotes
 * nothing of the request and no claim (rule H8).
 *
 * @param auditId undefined when there was no request that could have one
 */
export function refusalResponse(
  refusal: Refusal,
  auditId: string | undefined,
  form: ErrorForm = 'status',
): OwnResponse {
  const { status, reason, message } = refusal
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: statusReasons[status] ?? 'Unknown',
    details: { causes: [{ reason, message }] },
    code: status,
  }
  const headers: HeaderLine[] = [
    ['Content-Type', form === 'text' ? 'text/plain; charset=utf-8' : 'application/json'],
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ...securityHeaders,
    ...(auditId === undefined ? [] : ([['Audit-Id', auditId]] as const)),
    ...(status === 401 ? [challenge(reason)] : []),
    ...(isWorthRetrying(refusal) ? ([['Retry-After', '1']] as const) : []),
  ]
  return { status, headers, body: `${form === 'text' ? message : JSON.stringify(body)}\n` }
}

/** An answer that was decided elsewhere, with the headers that all of ours have. */
export function ownResponse(answer: OwnResponse): OwnResponse {
  const given = new Set(answer.headers.map(([name]) => name.toLowerCase()))
  const missing = securityHeaders.filter(([name]) => !given.has(name.toLowerCase()))
  return { ...answer, headers: [...answer.headers, ...missing] }
}

/** RFC 6750 §3: no error code for a request without a credential. */
function challenge(reason: RefusalReason): HeaderLine {
  const isMissing = reason === 'credential_missing'
  return [
    'WWW-Authenticate',
    `Bearer realm="kubernetes"${isMissing ? '' : ', error="invalid_token"'}`,
  ]
}

/** client-go repeats any request whose answer has `Retry-After`, so only what surely did nothing gets it. */
function isWorthRetrying({ status, reason }: Refusal): boolean {
  return status === 429 || (status === 503 && reason !== 'not_configured')
}
