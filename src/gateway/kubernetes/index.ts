export type { AccessQuestion, Reviewer } from './reviewer.ts'
