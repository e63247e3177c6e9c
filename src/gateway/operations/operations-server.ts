import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReadinessCheck } from './readiness.ts'

/** What the probes and the scraper ask. */
export interface OperationsSources {
  readonly readiness: () => readonly ReadinessCheck[] | Promise<readonly ReadinessCheck[]>
  /** Metrics in the text format of Prometheus. */
  readonly metrics: () => Promise<string>
}

/** The port for probes and metrics. */
export interface OperationsServer {
  /** @returns the port */
  listen(host: string, port: number): Promise<number>
  close(): Promise<void>
}

/**
 * Answers `/livez`, `/readyz` and `/metrics` over plain HTTP, each by its exact path and to everybody: it
 * tells nothing that is secret, decides nothing by a header, and is not reachable through the public port
 * (CVE-2026-34457, rule H10).
 */
export function operationsServer(sources: OperationsSources): OperationsServer {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(sources, request, response)
  })
  return {
    listen: async (host, port) =>
      await new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve(portOf(server.address()))
        })
      }),
    close: async () =>
      await new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP socket')
  return address.port
}

async function answer(
  sources: OperationsSources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'GET only')
  switch (request.url) {
    case '/livez':
      return send(response, 200, 'ok')
    case '/readyz': {
      const checks = await sources.readiness()
      const lines = checks.map(
        ({ name, isGood, note }) => `[${isGood ? '+' : '-'}] ${name}${note ? ` (${note})` : ''}`,
      )
      return send(response, checks.every(({ isGood }) => isGood) ? 200 : 503, lines.join('\n'))
    }
    case '/metrics':
      return await sendMetrics(sources, response)
    default:
      return send(response, 404, 'Here are /livez, /readyz and /metrics.')
  }
}

async function sendMetrics(sources: OperationsSources, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, await sources.metrics(), 'text/plain; version=0.0.4; charset=utf-8')
  } catch {
    send(response, 500, 'The metrics could not be gathered.')
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(`${body}\n`)
}
