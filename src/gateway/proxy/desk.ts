import type { Limits, StreamSettings } from '../config/index.ts'
import type { Judge } from '../impersonation/index.ts'
import type { Admission } from '../request/index.ts'
import type { Upstream } from '../upstream/index.ts'
import type { Book } from './course.ts'
import type { Deadlines } from './deadlines.ts'
import type { FailureLimiter } from './failure-limiter.ts'
import type { FairShare } from './fair-share.ts'

/** What every exchange of a listener needs. */
export interface Desk extends Book {
  readonly admission: Admission
  readonly judge: Judge
  readonly upstream: Upstream
  readonly limits: Limits
  readonly streams: StreamSettings
  readonly failures: FailureLimiter
  readonly shares: FairShare
  readonly deadlines: Deadlines
  /** Whether new requests are the last ones of their connections. */
  isDraining: boolean
}
