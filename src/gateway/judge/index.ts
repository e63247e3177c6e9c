export { createJudge, type JudgeParts } from './judge.ts'
