export { type Cleaned, namesIn, removeEmptyFolder, removeSessions } from './clean.ts'
export { type CoolDown, coolDown, type SignInAttempt } from './cool-down.ts'
export { diskStore } from './disk-store.ts'
export { formatEnvelope } from './envelope.ts'
export { absolutePath, expandHome, sessionFolder } from './folder.ts'
export { type SessionIdentity, type SessionKey, sessionKey, type TokenKind } from './key.ts'
export { noStore } from './no-store.ts'
export {
  credentialOf,
  idTokenOf,
  isFresh,
  refreshMarginMs,
  type Session,
} from './session.ts'
export { type SessionFiles, sessionFiles, sessionIn, sessionText } from './session-files.ts'
export type { ReadOutcome, SessionStore, UnreadableFile } from './store.ts'
