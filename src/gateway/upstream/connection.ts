import UndiciClient from 'undici/lib/dispatcher/client.js'
import type { UpstreamAccess } from './access.ts'
import { openConnection } from './connecting.ts'
import { failureOf } from './failure.ts'
import type { Receiver, Sending, Transport, UpstreamRequest } from './request.ts'
import { headerLines } from './response-head.ts'

/** A connection that carries one request at a time and is opened again when it has been closed. */
export interface Connection {
  /** @param done told when the request is over, and whether the connection is good for another */
  send(request: UpstreamRequest, receiver: Receiver, done: (isGood: boolean) => void): Sending
  close(): void
}

/**
 * kube-apiserver closes idle connections after 90 seconds; ours end before, so that a request seldom
 * meets one that is just being closed.
 */
const idleTimeoutMs = 60_000

/** Makes a connection; it is opened for the first request. */
export function createConnection(
  access: UpstreamAccess,
  transport: Transport,
  maxHeaderBytes: number,
): Connection {
  let served = 0
  const client = new UndiciClient(access.server, {
    pipelining: 1,
    keepAliveTimeout: idleTimeoutMs,
    keepAliveMaxTimeout: idleTimeoutMs,
    maxHeaderSize: maxHeaderBytes,
    // No time limit once a request is under way: watches and logs last for hours.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(_, connected) {
      served = 0
      return openConnection(access, transport, connected)
    },
  })

  return {
    close: () => void client.destroy(),
    send(request, receiver, done) {
      let isAborted = false
      // From then on the connection belongs to another request.
      let isOver = false
      let resume = (): void => {}
      client.dispatch(
        {
          path: request.target,
          // undici forwards any token, but its types know few.
          method: request.method as 'GET',
          headers: flatHeaders(request),
          body: request.body ?? null,
        },
        {
          onConnect() {},
          onHeaders(status, headers, goOn, statusText) {
            // Interim answers are nothing that the client asked for: 100 is ours to give (rule E8).
            if (status < 200) return true
            resume = goOn
            receiver.head({ status, statusText, headers: headerLines(headers) })
            return true
          },
          onData: (chunk) => receiver.data(chunk),
          onComplete(trailers) {
            served += 1
            isOver = true
            done(true)
            receiver.end(headerLines(trailers ?? []))
          },
          onError(error) {
            isOver = true
            const failure = isAborted ? 'aborted' : failureOf(error)
            done(false)
            // Before the first answer nothing can be said of who closed it, or why.
            receiver.failed(failure === 'broken' && served > 0 ? 'stale' : failure)
          },
        },
      )
      return {
        resume() {
          if (!isOver) resume()
        },
        abort() {
          if (isOver || isAborted) return
          isAborted = true
          void client.destroy()
        },
      }
    },
  }
}

function flatHeaders({ headers, contentLength }: UpstreamRequest): string[] {
  const flat: string[] = []
  for (const [name, value] of headers) flat.push(name, value)
  if (contentLength !== undefined) flat.push('content-length', String(contentLength))
  return flat
}
