import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { browserAvailability, isFromStranger, type System } from '../system/index.ts'

/** How long the browser has to come for the page. */
const patienceMs = 15_000

/**
 * Sends the browser to a URL that holds a credential. A program's arguments are public (`ps`), so the
 * browser gets the address of a loopback page that redirects once and then is gone. On Linux the page
 * is shown to this user only; elsewhere another user who is faster than the browser would get it.
 *
 * @returns whether the browser came for it
 */
export async function handOff(
  system: Pick<System, 'browser' | 'clock' | 'interrupted' | 'log' | 'env' | 'files' | 'process'>,
  url: URL,
  browserCommand?: string,
): Promise<boolean> {
  if (browserCommand === undefined && !browserAvailability(system).isAvailable) return false
  const page = redirectOnce(url)
  const patience = new AbortController()
  const signal = AbortSignal.any([patience.signal, system.interrupted])
  try {
    await system.browser.open(await page.address, { command: browserCommand })
    const tooLate = system.clock.sleep(patienceMs, signal).then(() => false)
    return await Promise.race([page.visited.then(() => true), tooLate])
  } catch (error) {
    system.interrupted.throwIfAborted()
    system.log.trace(1, () => `no browser: ${error instanceof Error ? error.message : 'unknown'}`)
    return false
  } finally {
    patience.abort()
    page.close()
  }
}

interface Page {
  /** Where the page is; rejected when no port can be had. */
  readonly address: Promise<string>
  /** Resolved when the browser has been redirected. */
  readonly visited: Promise<void>
  close(): void
}

function redirectOnce(url: URL): Page {
  const path = `/${randomBytes(32).toString('base64url')}`
  const server = createServer()
  const visited = new Promise<void>((resolve) => {
    let isUsed = false
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const isOurs = !isFromStranger(request.socket)
      const isVisit = isOurs && !isUsed && request.method === 'GET' && request.url === path
      isUsed ||= isVisit
      response.on('finish', () => isVisit && resolve())
      response.writeHead(isVisit ? 303 : 404, {
        ...(isVisit ? { location: url.href } : {}),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        connection: 'close',
      })
      response.end()
    })
  })
  return {
    address: listen(server).then((port) => `http://127.0.0.1:${port}${path}`),
    visited,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}
