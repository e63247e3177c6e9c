import type { Socket } from 'node:net'
import type { InboundBody } from './inbound-body.ts'

/** How much of a body that nobody wants is read, so that its sender gets to read the answer. */
const lingerBytes = 256 * 1024
/** How long that may take: a byte now and then must not keep a connection. */
const lingerMs = 5_000

/**
 * Closes a connection whose client is still sending a body that nobody wants. Closing at once would reset
 * the connection and take the answer with it; so a little of the body is read first. Never all: whoever
 * is refused must not keep us busy.
 *
 * @param release called when nothing more is to be read
 */
export function discardRest(socket: Socket, body: InboundBody, release: () => void): void {
  let left = lingerBytes
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
  const endIfComplete = (): void => {
    if (!body.isComplete()) return
    release()
    socket.destroySoon()
  }
  socket.once('close', () => clearTimeout(timer))
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
    else endIfComplete()
  })
  body.discard()
  // All of it may have been here already.
  endIfComplete()
}
