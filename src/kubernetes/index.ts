export { type ApiServer, apiServerOf } from './api-server.ts'
export type { ApiServerUser } from './parse-review.ts'
export { apiServerPeer } from './peer.ts'
export { type Review, type ReviewSystem, selfSubjectReview } from './self-subject-review.ts'
