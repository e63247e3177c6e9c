export { auditStreamOfWorker } from './audit-pipe.ts'
export { type PrimaryOptions, runPrimary } from './run-primary.ts'
export { answerPrimary, isWorker } from './worker.ts'
