import type { UserInfo } from '../identity/index.ts'

/** What a SubjectAccessReview asks (`authorization.k8s.io/v1`). */
export interface AccessQuestion {
  /** Who would act. */
  readonly user: UserInfo
  readonly verb: string
  /** API group; empty for the core group. */
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** Questions that only the API server can answer. They are asked with the gateway's own credential. */
export interface Reviewer {
  /**
   * Whether the user may do it. Rejects when the API server gives no clear answer in time: an error is
   * never a yes (rule A21).
   */
  isAllowed(question: AccessQuestion, signal: AbortSignal): Promise<boolean>
}
