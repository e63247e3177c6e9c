export type { Identity } from './identity.ts'
export type { UserInfo } from './user-info.ts'
