import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere). */
const [first, last] = [20_000, 32_000]

/**
 * A TCP port of 127.0.0.1 that nobody listens at now, and that no outgoing connection takes while the
 * server at it is being restarted.
 */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, last)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const isListening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => done(true))
  })
  if (isListening) await new Promise((done) => server.close(done))
  return isListening
}
