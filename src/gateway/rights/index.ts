export { accessReviewSpec, isAllowedBy } from './access-review.ts'
export { type Configurations, type ImpersonationMode, neededRights } from './needed.ts'
export { renewalRights } from './renewal.ts'
export { type PolicyRule, type Right, rightsIn, ruleLines, rulesOf } from './right.ts'
