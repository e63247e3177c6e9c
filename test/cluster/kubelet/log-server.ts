import { createReadStream, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { quietPort } from '../quiet-port.ts'

/** Answers the API server's question for the log of a container. */
export interface LogServer {
  /** TCP port of 127.0.0.1. */
  readonly port: number
  stop(): Promise<void>
}

/**
 * Serves logs as kubelet does, at `/containerLogs/<namespace>/<pod>/<container>`, whole or with `follow`.
 *
 * @param folder holds the certificate of kubelets
 * @param fileOf the log of a pod
 */
export async function startLogServer(
  folder: string,
  fileOf: (namespace: string, pod: string) => string | undefined,
): Promise<LogServer> {
  const port = await quietPort()
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const tls = {
    cert: read('kubelet.crt'),
    key: read('kubelet.key'),
    ca: read('ca.crt'),
    requestCert: true,
    rejectUnauthorized: true,
  }
  const server = createServer(tls, (request, response) => {
    const url = new URL(request.url ?? '', 'https://kubelet')
    const [, kind, namespace = '', pod = ''] = url.pathname.split('/')
    const file = kind === 'containerLogs' ? fileOf(namespace, pod) : undefined
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const follows = url.searchParams.get('follow') === 'true'
    const lines = Number(url.searchParams.get('tailLines') ?? Number.POSITIVE_INFINITY)
    void answer(file, { request, response, follows, lines })
  })
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    port,
    async stop() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

interface Question {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Whether it goes on until somebody ends it. */
  readonly follows: boolean
  /** How many lines there are to be at the beginning. */
  readonly lines: number
}

async function answer(file: string, question: Question): Promise<void> {
  const { request, response, follows, lines } = question
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.flushHeaders()
  let start = beginOfLast(lines, readFileSync(file))
  do {
    for await (const chunk of createReadStream(file, { start })) {
      start += chunk.length
      response.write(chunk)
    }
    if (follows) await sleep(100)
  } while (follows && !request.destroyed && !response.destroyed)
  response.end()
}

/** Where the last lines of a text begin, in bytes. */
function beginOfLast(lines: number, text: Buffer): number {
  const last = text
    .toString('latin1')
    .split('\n')
    .slice(-(lines + 1))
  return text.length - last.join('\n').length
}
