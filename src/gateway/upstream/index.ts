export type { UpstreamAccess, UpstreamCertificate, UpstreamToken } from './access.ts'
export { createUpstream, type UpstreamOptions } from './create-upstream.ts'
export type { UpstreamFailure } from './failure.ts'
export type {
  BodySink,
  BodySource,
  Lane,
  Receiver,
  Sending,
  Transport,
  UpstreamRequest,
} from './request.ts'
export type { ResponseHead } from './response-head.ts'
export type { DialAnswer, DialRequest, Upstream } from './upstream.ts'
