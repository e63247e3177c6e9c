export type { Decision, Forward, Judge, OwnAnswer, PassThrough, Peer } from './decision.ts'
export type { ImpersonationPolicy } from './policy.ts'
export type { UpstreamCredential } from './upstream-credential.ts'
