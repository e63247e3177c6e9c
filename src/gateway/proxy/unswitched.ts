import type { Readable } from 'node:stream'
import type { ResponseHead } from '../upstream/index.ts'
import type { Course } from './course.ts'
import { hangUp } from './hang-up.ts'
import { headBytes } from './response-bytes.ts'
import { relayedHead } from './response-head.ts'
import type { Upgrading } from './upgrading.ts'

/**
 * Carries back a refusal of the API server (`pods "x" is forbidden` …) and closes both connections. A
 * connection that were kept would carry the client's next bytes past every check (CVE-2018-1002105).
 */
export function relayUnswitched(
  course: Course,
  { head: { method }, socket }: Upgrading,
  { head, body }: { readonly head: ResponseHead; readonly body: Readable },
): void {
  const { status, statusText, headers } = relayedHead(head)
  const lines = headers.filter(([name]) => name.toLowerCase() !== 'trailer')
  // Without a Content-Length the body ends with the connection.
  socket.write(headBytes(status, statusText, [...lines, ['Connection', 'close']]))
  course.answered(status)
  course.onGone = () => body.destroy()
  if (method !== 'HEAD') {
    body.on('data', (chunk: Buffer) => {
      course.exchange.bytesOut += chunk.length
      if (!socket.write(chunk)) body.pause()
    })
    socket.on('drain', () => body.resume())
  }
  body.once('end', () => hangUp(course, socket))
  body.once('error', () => socket.destroy())
  body.resume()
}
