export { type CleanedFolder, cleanFolder } from './clean-folder.ts'
export { describe, type EndSettings, endSession } from './end-session.ts'
