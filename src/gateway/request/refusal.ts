/**
 * Why a request is not forwarded. A closed set: it labels metrics and stands in the audit log, so
 * nothing of the request may become part of it.
 */
export type RefusalReason =
  | 'request_malformed'
  | 'request_target_refused'
  | 'method_not_allowed'
  | 'host_unknown'
  | 'headers_too_many'
  | 'upgrade_refused'
  | 'origin_refused'
  | 'credential_missing'
  | 'credential_malformed'
  | 'token_malformed'
  | 'token_too_large'
  | 'token_issuer_unknown'
  | 'token_signature_invalid'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_audience_refused'
  | 'token_class_refused'
  | 'claims_refused'
  | 'user_refused'
  | 'identity_reserved'
  | 'identity_unrepresentable'
  | 'impersonation_malformed'
  | 'impersonation_denied'
  | 'keys_unavailable'
  | 'review_unavailable'
  | 'invariant_violated'
  | 'upstream_unreachable'
  | 'upstream_credential_refused'
  | 'upstream_impersonation_refused'
  | 'upstream_answer_invalid'
  | 'overloaded'
  | 'draining'
  | 'not_configured'

/** A request that ends here, and how it is answered. */
export interface Refusal {
  readonly kind: 'refused'
  /** HTTP status of the answer. */
  readonly status: number
  readonly reason: RefusalReason
  /** One sentence for the client, who sees it in kubectl. It quotes no claim and no secret. */
  readonly message: string
}
