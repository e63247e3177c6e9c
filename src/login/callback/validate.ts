import { createHash, timingSafeEqual } from 'node:crypto'
import { printable } from '../../printable.ts'

/** What an authorization response must match. */
export interface CallbackExpectation {
  /** The `state` that was sent (RFC 6749 §4.1.1). It is a secret: it never leaves this room. */
  readonly state: string
  /** The issuer that the user is sent to (RFC 9207 §2.4). */
  readonly issuer: string
  /** Whether the provider promises an `iss` in each of its answers (RFC 9207 §3). */
  readonly issRequired: boolean
}

/** An authorization response that belongs to this sign-in. */
export interface Callback {
  /** The whole query: `code` or `error`, `state`, `iss` and what else the provider sent. */
  readonly parameters: URLSearchParams
}

/** Whether some parameters are the awaited answer. */
export type Validation =
  | { readonly kind: 'valid'; readonly callback: Callback }
  /** There is no trace of an authorization response. */
  | { readonly kind: 'empty' }
  | InvalidCallback

/** An authorization response that must not be used. */
export interface InvalidCallback {
  readonly kind: 'invalid'
  /** What is wrong with it: a sentence of ours. */
  readonly reason: string
  /** What it says of itself, printable; perhaps the words of an attacker. */
  readonly saying?: string
}

/** All that can be told of an invalid response, for the terminal. */
export function describeInvalid({ reason, saying }: InvalidCallback): string {
  return saying === undefined ? reason : `${reason} It says: "${saying}".`
}

/**
 * Judges an authorization response, however it came. The state comes first, also for errors, so that
 * nobody who does not know it learns anything or ends the sign-in.
 */
export function validateCallback(
  parameters: URLSearchParams,
  expectation: CallbackExpectation,
): Validation {
  if (![...telling, 'state', 'iss'].some((name) => parameters.has(name))) return { kind: 'empty' }
  const reason =
    checkState(parameters, expectation.state) ??
    checkSingle(parameters) ??
    checkIssuer(parameters, expectation) ??
    checkOutcome(parameters)
  if (reason === undefined) return { kind: 'valid', callback: { parameters } }
  const saying = quote(parameters)
  return { kind: 'invalid', reason, ...(saying === undefined ? {} : { saying }) }
}

/** An answer has one of these; `error_description` alone betrays a broken one. */
const telling = ['code', 'error', 'error_description']

/** Parameters whose meaning would depend on the reader if there were two of them (RFC 6749 §3.1). */
const singular = ['code', 'error', 'iss']

function checkState(parameters: URLSearchParams, expected: string): string | undefined {
  const states = parameters.getAll('state')
  if (states.length > 1) return 'It has more than one state.'
  const [state = ''] = states
  if (state === '') return 'It has no state.'
  return isSame(state, expected) ? undefined : 'Its state is not that of this sign-in.'
}

/** Compares digests, so that neither the time nor the length tells how much of a guess is right. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

function checkSingle(parameters: URLSearchParams): string | undefined {
  const repeated = singular.find((name) => parameters.getAll(name).length > 1)
  return repeated && `It has more than one "${repeated}".`
}

function checkIssuer(
  parameters: URLSearchParams,
  { issuer, issRequired }: CallbackExpectation,
): string | undefined {
  const iss = parameterOf(parameters, 'iss')
  if (iss === issuer || (iss === undefined && !issRequired)) return undefined
  return iss === undefined
    ? 'It does not name its issuer, although the provider promises that its answers do.'
    : 'It names another issuer than the provider of this sign-in.'
}

function checkOutcome(parameters: URLSearchParams): string | undefined {
  const hasOutcome = parameterOf(parameters, 'code') ?? parameterOf(parameters, 'error')
  return hasOutcome === undefined ? 'It has neither a code nor an error.' : undefined
}

/** A parameter without a value counts as absent (RFC 6749 §3.1). */
function parameterOf(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) || undefined
}

function quote(parameters: URLSearchParams): string | undefined {
  const said = ['error', 'error_description'].flatMap((name) => parameterOf(parameters, name) ?? [])
  return said.length === 0 ? undefined : printable(said.join(': '))
}
