export { describe, type EndSettings, endSession } from './end-session.ts'
