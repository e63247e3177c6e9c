import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something that all files of a run share. */
export interface Shared {
  /** What a file needs to know of it: a value of JSON. */
  readonly facts: unknown
  stop(): Promise<void>
}

/** Where the files of a run ask for something that they share. */
export interface Desk {
  /** Answers with the facts as JSON, or with status 500 and why there are none. */
  readonly url: string
  /** Closes the desk, and ends what was started. */
  close(): Promise<void>
}

/**
 * Opens a desk at a loopback address. What it hands out is started for the first who asks, and everybody
 * waits for that start.
 */
export async function openDesk(start: () => Promise<Shared>): Promise<Desk> {
  let running: Promise<Shared> | undefined
  const server = createServer((_, response) => {
    running ??= start()
    running.then(
      ({ facts }) => response.end(JSON.stringify(facts)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await (await running?.catch(() => undefined))?.stop()
    },
  }
}
