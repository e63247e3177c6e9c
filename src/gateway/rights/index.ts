export { type ImpersonationMode, neededRights } from './needed.ts'
export { type Right, rulesOf } from './right.ts'
