import type { UnreadableFile } from '../session/index.ts'

/** Names a session file that cannot be read, and why, as whole sentences. */
export function describeUnreadable({ path, reason }: UnreadableFile): string {
  const why = reason.replace(/\.$/, '')
  // The system's refusals name the file themselves.
  return why.includes(path) ? `${why}.` : `The session file ${path} cannot be read: ${why}.`
}
