/**
 * The vocabulary of errors: every failure that a user can meet has a code, an exit code and, where
 * there is one, a hint that says what to do. `docs/errors.md` lists each code and is checked
 * against this table by `npm run check`.
 *
 * @module
 */

/** Exit codes of the plugin. They are stable: scripts may rely on them. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  provider: 3,
  refused: 4,
  timedOut: 5,
  lock: 6,
  session: 7,
  interrupted: 130,
} as const

/** One of the documented exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const exitCodeOf = {
  unexpected: exitCodes.unexpected,
  checks_failed: exitCodes.unexpected,
  output_unwritable: exitCodes.unexpected,
  rollout_failed: exitCodes.unexpected,

  usage_invalid: exitCodes.usage,
  exec_info_invalid: exitCodes.usage,
  exec_api_version_unsupported: exitCodes.usage,
  issuer_invalid: exitCodes.usage,
  file_unreadable: exitCodes.usage,
  certificate_invalid: exitCodes.usage,
  listen_address_unavailable: exitCodes.usage,
  terminal_unavailable: exitCodes.usage,
  session_ambiguous: exitCodes.usage,
  kubeconfig_invalid: exitCodes.usage,
  kubeconfig_unwritable: exitCodes.usage,
  called_by_itself: exitCodes.usage,
  onboarding_invalid: exitCodes.usage,
  configuration_invalid: exitCodes.usage,
  file_unwritable: exitCodes.usage,
  address_unavailable: exitCodes.usage,
  workers_failed: exitCodes.usage,
  auth_provider_replaced: exitCodes.usage,
  realm_unsuitable: exitCodes.usage,

  provider_unreachable: exitCodes.provider,
  provider_untrusted: exitCodes.provider,
  provider_timed_out: exitCodes.provider,
  provider_response_invalid: exitCodes.provider,
  provider_unavailable: exitCodes.provider,
  proxy_unreachable: exitCodes.provider,
  proxy_refused: exitCodes.provider,

  api_server_unreachable: exitCodes.provider,
  api_server_untrusted: exitCodes.provider,
  api_server_unavailable: exitCodes.provider,
  api_server_response_invalid: exitCodes.provider,
  api_server_too_old: exitCodes.provider,

  onboarding_unreachable: exitCodes.provider,
  onboarding_untrusted: exitCodes.provider,
  change_not_kept: exitCodes.provider,

  sign_in_refused: exitCodes.refused,
  client_refused: exitCodes.refused,
  token_invalid: exitCodes.refused,
  token_missing: exitCodes.refused,
  cooling_down: exitCodes.refused,
  setup_declined: exitCodes.refused,
  token_not_accepted: exitCodes.refused,
  review_forbidden: exitCodes.refused,
  administration_refused: exitCodes.refused,
  credential_plugin_failed: exitCodes.refused,
  rights_missing: exitCodes.refused,
  object_conflict: exitCodes.refused,
  cluster_refused: exitCodes.refused,
  certificate_denied: exitCodes.refused,

  sign_in_timed_out: exitCodes.timedOut,
  certificate_not_issued: exitCodes.timedOut,

  lock_timed_out: exitCodes.lock,

  session_unreadable: exitCodes.session,
  session_unwritable: exitCodes.session,
  keychain_package_missing: exitCodes.session,
  keychain_unavailable: exitCodes.session,
  keychain_locked: exitCodes.session,

  interrupted: exitCodes.interrupted,
} as const satisfies Record<string, ExitCode>

/** Every code that an {@link OidcLoginError} can carry. */
export type ErrorCode = keyof typeof exitCodeOf

/** All error codes, for the check of `docs/errors.md` and for tests. */
export const errorCodes: readonly ErrorCode[] = Object.keys(exitCodeOf) as ErrorCode[]

/** What surrounds an error's message. */
export interface ErrorDetails {
  /** What the user can do about it: a whole sentence, printed on a line of its own. */
  readonly hint?: string | undefined
  /** The error that caused this one. It is never printed as is: it could quote a secret. */
  readonly cause?: unknown
}

/**
 * An expected failure. The message says what happened and why, in words that hold no secret; the
 * hint says what to do.
 *
 * @example
 *   throw new OidcLoginError('issuer_invalid', 'The issuer URL "foo" is not a URL.', {
 *     hint: 'Give the URL that the provider documents, for example https://sso.example.com/realms/demo.',
 *   })
 */
export class OidcLoginError extends Error {
  override readonly name = 'OidcLoginError'
  /** Which failure this is. */
  readonly code: ErrorCode
  /** What the user can do about it, if anything. */
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint
  }

  /** The exit code of the process when this error ends it. */
  get exitCode(): ExitCode {
    return exitCodeOf[this.code]
  }
}

/** The `code` of a Node.js system error (`ENOENT`, `EACCES` …), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/**
 * Names an error that nobody expected by its kind, and by the first place in our bundle that it went
 * through: `TypeError at dist/main.js:3:1415`. Its message may quote anything and is left out.
 */
export function describeUnexpected(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  // A frame of a stack (`    at f (file:///…/dist/chunk-ABC.js:1:23)`) in what we have built.
  const ownFrame = /^ +at .*[/\\](dist[/\\](?:[\w-]+[/\\])?[\w-]+\.c?js:\d+:\d+)\)?$/m
  const place = ownFrame.exec(error.stack ?? '')?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}
