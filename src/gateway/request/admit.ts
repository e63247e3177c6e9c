import type { AdmittedRequest } from './admitted-request.ts'
import { bearerToken } from './authorization.ts'
import { bodyFraming } from './framing.ts'
import { canonicalName, factsOf } from './header-names.ts'
import { originRefusal, requestedHost } from './host.ts'
import type { RawRequest } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { malformed, refuse } from './refuse.ts'
import { requestInfo } from './request-info.ts'
import { type SortedLines, sortedLines } from './sorted-lines.ts'
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
  // Node hands over what fits and forgets the rest, `Authorization` perhaps among it (rule E5).
  if (raw.headers.length > rules.maxHeaderCount) {
    return refuse(431, 'headers_too_many', 'The request has too many header lines.')
  }
  const lines = sortedLines(raw.headers)
  if (lines.kind === 'refused') return lines
  if (!methods.has(raw.method)) {
    return refuse(405, 'method_not_allowed', 'This method is not forwarded.')
  }
  const target = parseTarget(raw.target)
  if (target.kind === 'refused') return target
  const host = requestedHost(lines.valuesOf('host'), rules.serverNames)
  if (host.kind === 'refused') return host
  const body = bodyFraming(raw.httpVersion, lines)
  if (body.kind === 'refused') return body

  const options = connectionOptions(lines)
  const upgrade = requestedUpgrade(raw, lines.valuesOf('upgrade'), options)
  if (upgrade.kind === 'refused') return upgrade
  const hasBody = body.kind === 'chunked' || (body.kind === 'length' && body.bytes > 0)
  if (upgrade.protocol !== undefined && hasBody) {
    return refuse(400, 'upgrade_refused', 'A request with a body is not upgraded.')
  }
  const isWebSocket = upgrade.protocol?.toLowerCase() === 'websocket'
  const foreign = isWebSocket && originRefusal(lines.valuesOf('origin'), host, rules.allowedOrigins)
  if (foreign) return foreign

  const bearer = bearerToken(lines.valuesOf('authorization'))
  if (bearer.kind === 'refused') return bearer
  const travelling = lines.endToEnd.filter(([name]) => travels(name, options, isWebSocket))
  const protocols = isWebSocket ? webSocketBearer(travelling) : undefined
  if (protocols?.kind === 'refused') return protocols
  if (bearer.token !== undefined && protocols?.token !== undefined) {
    return malformed('The request shows two bearer tokens.')
  }

  const expectations = lines.valuesOf('expect')
  if (expectations.some((value) => value.toLowerCase() !== '100-continue')) {
    return refuse(417, 'request_malformed', 'The only expectation that is met is 100-continue.')
  }
  return {
    kind: 'admitted',
    method: raw.method,
    target: raw.target,
    path: target.path,
    info: requestInfo(raw.method, target),
    endToEnd: protocols?.headers ?? travelling,
    repeatsLines: raw.repeatsLines,
    token: bearer.token ?? protocols?.token,
    impersonation: lines.impersonation,
    upgrade: upgrade.protocol,
    body,
    expectsContinue: expectations.length > 0,
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

const noOptions: ReadonlySet<string> = new Set()

/**
 * What `Connection` (and `Proxy-Connection`, its relative that no standard knows) lists, over all lines:
 * names that must not travel on (RFC 9110 §7.6.1; rules A4, A5).
 */
function connectionOptions(lines: SortedLines): ReadonlySet<string> {
  const values = [...lines.valuesOf('connection'), ...lines.valuesOf('proxy-connection')]
  if (values.length === 0) return noOptions
  return new Set(values.flatMap((value) => value.split(',').map(canonicalOption)))
}

function canonicalOption(option: string): string {
  return canonicalName(option.trim())
}

/** Outside an upgrade the lines of WebSockets mean nothing, but could carry a token into somebody's log. */
function travels(name: string, options: ReadonlySet<string>, isWebSocket: boolean): boolean {
  const { canonical } = factsOf(name)
  return !options.has(canonical) && (isWebSocket || !canonical.startsWith('sec-websocket-'))
}
