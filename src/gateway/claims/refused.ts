/** Thrown inside this room when claims do not become a user. */
export class Refused extends Error {
  /** Whether a claim, or the user that the claims made, was not accepted. */
  readonly reason: 'claims_refused' | 'user_refused'

  constructor(message: string, reason: 'claims_refused' | 'user_refused' = 'claims_refused') {
    super(message)
    this.reason = reason
  }
}
