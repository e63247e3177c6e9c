import type { Socket } from 'node:net'
import type { Course } from './course.ts'

/** How long the client may take to read the last answer and close its side. */
const lingerMs = 5_000

/**
 * Sends the last bytes on a connection that is used for nothing else afterwards (rule F4). What the
 * client still sends is read and thrown away, because closing with unread bytes would take the answer
 * with it.
 *
 * @param last undefined when everything has been written
 */
export function hangUp(course: Course, socket: Socket, last?: Buffer): void {
  socket.end(last ?? '', () => course.ended(course.ending))
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.once('close', () => clearTimeout(timer))
}
