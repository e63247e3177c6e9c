import type { AdmittedRequest } from './admitted-request.ts'
import { bearerToken } from './authorization.ts'
import { bodyFraming } from './framing.ts'
import { canonicalName, staysHere } from './header-names.ts'
import { originRefusal, requestedHost } from './host.ts'
import type { HeaderLine, RawRequest } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { malformed, refuse } from './refuse.ts'
import { requestInfo } from './request-info.ts'
import { parseTarget } from './target.ts'
import { requestedUpgrade } from './upgrade.ts'
import { webSocketBearer } from './websocket-bearer.ts'

/** What admission depends on beside the request. */
export interface AdmissionRules {
  /** Host names that a request may carry, in lower case; empty for any. */
  readonly serverNames: readonly string[]
  /** Origins of web pages that may open WebSockets. */
  readonly allowedOrigins: readonly string[]
  readonly maxHeaderCount: number
}

/**
 * Takes a request apart, or refuses it: the only place that reads what the client wrote. It knows no
 * identity and decides nothing about one. Pure: no clock, no I/O.
 */
export function admit(raw: RawRequest, rules: AdmissionRules): AdmittedRequest | Refusal {
  const lineFault = faultOfLines(raw, rules)
  if (lineFault) return lineFault
  if (!methods.has(raw.method)) {
    return refuse(405, 'method_not_allowed', 'This method is not forwarded.')
  }
  const target = parseTarget(raw.target)
  if (target.kind === 'refused') return target
  const host = requestedHost(raw.headers, rules.serverNames)
  if (host.kind === 'refused') return host
  const body = bodyFraming(raw)
  if (body.kind === 'refused') return body

  const options = connectionOptions(raw.headers)
  const upgrade = requestedUpgrade(raw, options)
  if (upgrade.kind === 'refused') return upgrade
  const hasBody = body.kind === 'chunked' || (body.kind === 'length' && body.bytes > 0)
  if (upgrade.protocol !== undefined && hasBody) {
    return refuse(400, 'upgrade_refused', 'A request with a body is not upgraded.')
  }
  const isWebSocket = upgrade.protocol?.toLowerCase() === 'websocket'
  const foreign = isWebSocket && originRefusal(raw.headers, host, rules.allowedOrigins)
  if (foreign) return foreign

  const bearer = bearerToken(raw.headers)
  if (bearer.kind === 'refused') return bearer
  const protocols = isWebSocket ? webSocketBearer(raw.headers) : withoutWebSocket(raw.headers)
  if (protocols.kind === 'refused') return protocols
  if (bearer.token !== undefined && protocols.token !== undefined) {
    return malformed('The request shows two bearer tokens.')
  }

  const expectation = expectationOf(raw.headers)
  if (expectation.kind === 'refused') return expectation
  return {
    kind: 'admitted',
    method: raw.method,
    target: raw.target,
    path: target.path,
    info: requestInfo(raw.method, target),
    endToEnd: protocols.headers.filter(([name]) => travels(name, options)),
    token: bearer.token ?? protocols.token,
    impersonation: raw.headers.filter(([name]) => name.toLowerCase().startsWith('impersonate')),
    upgrade: upgrade.protocol,
    body,
    expectsContinue: expectation.isContinue,
  }
}

const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
])

/** RFC 9110 §5.6.2 and §5.5; bytes beyond ASCII are opaque. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const controlCharacter = /[^\t\x20-\x7e\x80-\xff]/

function faultOfLines(raw: RawRequest, rules: AdmissionRules): Refusal | undefined {
  // Node hands over what fits and forgets the rest, `Authorization` perhaps among it (rule E5).
  if (raw.headers.length > rules.maxHeaderCount) {
    return refuse(431, 'headers_too_many', 'The request has too many header lines.')
  }
  const isGood = raw.headers.every(
    ([name, value]) => token.test(name) && !controlCharacter.test(value),
  )
  return isGood ? undefined : malformed('The request has a malformed header line.')
}

/**
 * What `Connection` (and `Proxy-Connection`, its relative that no standard knows) lists, over all lines:
 * names that must not travel on (RFC 9110 §7.6.1; rules A4, A5).
 */
function connectionOptions(headers: readonly HeaderLine[]): ReadonlySet<string> {
  const lines = headers.filter(([name]) => /^(?:proxy-)?connection$/i.test(name))
  return new Set(lines.flatMap(([, value]) => value.split(',').map(canonicalOption)))
}

function canonicalOption(option: string): string {
  return canonicalName(option.trim())
}

function travels(name: string, options: ReadonlySet<string>): boolean {
  const canonical = canonicalName(name)
  return !staysHere(canonical) && !options.has(canonical)
}

/** Outside an upgrade these lines mean nothing, but could carry a token into somebody's log. */
function withoutWebSocket(headers: readonly HeaderLine[]): {
  readonly kind: 'websocket'
  readonly token: undefined
  readonly headers: readonly HeaderLine[]
} {
  return {
    kind: 'websocket',
    token: undefined,
    headers: headers.filter(([name]) => !canonicalName(name).startsWith('sec-websocket-')),
  }
}

function expectationOf(
  headers: readonly HeaderLine[],
): { readonly kind: 'expectation'; readonly isContinue: boolean } | Refusal {
  const lines = headers.filter(([name]) => name.toLowerCase() === 'expect')
  const isContinue = lines.length > 0
  if (lines.some(([, value]) => value.toLowerCase() !== '100-continue')) {
    return refuse(417, 'request_malformed', 'The only expectation that is met is 100-continue.')
  }
  return { kind: 'expectation', isContinue }
}
