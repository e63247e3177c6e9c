export type { Authenticator, IssuerState, Verdict } from './authenticator.ts'
