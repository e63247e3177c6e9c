export type { AdmittedRequest, BodyFraming } from './admitted-request.ts'
export type { HeaderLine, RawRequest } from './raw-request.ts'
export type { Refusal, RefusalReason } from './refusal.ts'
