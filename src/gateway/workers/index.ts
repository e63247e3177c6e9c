export { type PrimaryOptions, runPrimary } from './run-primary.ts'
export { answerPrimary, auditStreamOfWorker, isWorker } from './worker.ts'
