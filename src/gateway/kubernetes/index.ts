export { createReviewer } from './create-reviewer.ts'
export { fieldOf, messageOf } from './field.ts'
export {
  NoAnswer,
  type OwnAnswer,
  type OwnPath,
  type OwnRequest,
  ownRequest,
} from './own-request.ts'
export type { AccessQuestion, Reviewer } from './reviewer.ts'
export { checkUpstream, type UpstreamOutcome } from './self-check.ts'
export { serviceAccountIssuer } from './service-account-issuer.ts'
