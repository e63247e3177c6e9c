import type { HeaderLine } from './raw-request.ts'

/**
 * A header name as careless software downstream would read it: lower case, `_` as `-`. Two names that
 * are equal in this form must never mean different things to two parsers (CVE-2025-64484).
 */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase()
  return lower.includes('_') ? lower.replaceAll('_', '-') : lower
}

/** Everything that says for whom a request is (`Impersonate-User` …), by prefix and not by list (rule A1). */
export function isImpersonation(canonical: string): boolean {
  return canonical.startsWith('impersonate')
}

/**
 * Whether a line of the client's must not travel on, whatever its value: it belongs to one connection
 * (RFC 9110 §7.6.1), is a credential, claims an identity, or says where the request came from.
 */
export function staysHere(canonical: string): boolean {
  return (
    lines.has(canonical) ||
    isImpersonation(canonical) ||
    prefixes.some((prefix) => canonical.startsWith(prefix))
  )
}

/** What is known of a header by its name alone. */
export interface NameFacts {
  readonly lower: string
  readonly canonical: string
  /** RFC 9110 §5.6.2. */
  readonly isToken: boolean
  readonly staysHere: boolean
  readonly isImpersonation: boolean
}

/** Names as they were written: clients write few, over and over. Strangers may write others. */
const known = new Map<string, NameFacts>()
const maxKnown = 1_000

/** Looks at a name, once for each way to write it. */
export function factsOf(name: string): NameFacts {
  const found = known.get(name)
  if (found) return found
  const canonical = canonicalName(name)
  const facts: NameFacts = {
    lower: name.toLowerCase(),
    canonical,
    isToken: token.test(name),
    staysHere: staysHere(canonical),
    isImpersonation: isImpersonation(canonical),
  }
  if (known.size >= maxKnown) known.clear()
  if (name.length <= longestKnown) known.set(name, facts)
  return facts
}

/** The value of the first line of a name, which is given in lower case. */
export function headerValue(headers: readonly HeaderLine[], wanted: string): string | undefined {
  return headers.find(([name]) => factsOf(name).lower === wanted)?.[1]
}

/** What is remembered must not be large. */
const longestKnown = 64

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/**
 * - `x-remote-`: front-proxy identity (rule B6)
 * - `x-forwarded-`: where a request came from is what the socket says (rule B7)
 * - `x-http-method`, `x-method-`: the method is the one of the request line (rule D4)
 */
const prefixes = ['x-remote-', 'x-forwarded-', 'x-http-method', 'x-method-override']

const lines: ReadonlySet<string> = new Set([
  // One connection only.
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  // The proxy writes its own.
  'host',
  'content-length',
  'audit-id',
  // Credentials.
  'authorization',
  'proxy-authorization',
  'cookie',
  // Where it came from.
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'via',
])
