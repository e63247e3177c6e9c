import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { noteSecrets } from './secrets.ts'

/** An answer made by hand. */
export interface Reply {
  /** HTTP status. */
  readonly status: number
  /** Header fields; the content type defaults to JSON for objects and to HTML for text. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body: an object is sent as JSON, text as it is; nothing by default. */
  readonly body?: string | Readonly<Record<string, unknown>>
}

/**
 * What goes wrong at an endpoint.
 *
 * - `hang` never answers;
 * - `reset` cuts the connection before it does anything;
 * - `lost` does the work (a refresh token rotates) and cuts the connection instead of answering;
 * - `endless` sends bytes until the client hangs up;
 * - `delayMs` waits, then answers as always;
 * - a {@link Reply} is sent in the place of the true answer.
 */
export type Fault = 'hang' | 'reset' | 'lost' | 'endless' | { readonly delayMs: number } | Reply

/** The faults that wait at the endpoints of a provider. */
export interface Faults<Endpoint extends string> {
  /** Lets the next requests to an endpoint fail, one after another, each with its fault. */
  once(endpoint: Endpoint, ...faults: readonly Fault[]): void
  /** Lets every request to an endpoint fail until {@link Faults.clear}. */
  always(endpoint: Endpoint, fault: Fault): void
  /** Takes back all faults, or those of one endpoint. */
  clear(endpoint?: Endpoint): void
  /** The fault of the request that has just arrived; those of `once` are used up first. */
  take(endpoint: Endpoint): Fault | undefined
}

/** Makes an empty set of faults. */
export function createFaults<Endpoint extends string>(): Faults<Endpoint> {
  const queued = new Map<Endpoint, Fault[]>()
  const permanent = new Map<Endpoint, Fault>()
  return {
    once: (endpoint, ...faults) => {
      queued.set(endpoint, [...(queued.get(endpoint) ?? []), ...faults])
    },
    always: (endpoint, fault) => {
      permanent.set(endpoint, fault)
    },
    clear: (endpoint) => {
      for (const map of [queued, permanent]) {
        if (endpoint === undefined) map.clear()
        else map.delete(endpoint)
      }
    },
    take: (endpoint) => queued.get(endpoint)?.shift() ?? permanent.get(endpoint),
  }
}

/** Whether a value is a {@link Fault} rather than a JSON document. */
export function isFault(value: object | string): value is Fault {
  if (typeof value === 'string') return true
  return ('status' in value && typeof value.status === 'number') || 'delayMs' in value
}

/**
 * Lets a fault happen.
 *
 * @returns whether the request is still to be answered by the true endpoint
 */
export async function commit(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (fault === 'lost') {
    loseAnswer(response)
    return true
  }
  if (typeof fault === 'object' && 'delayMs' in fault) {
    await sleep(fault.delayMs)
    return !response.destroyed
  }
  if (fault === 'reset') request.socket.destroy()
  else if (fault === 'endless') await sendEndlessly(response)
  else if (fault !== 'hang') sendReply(response, fault)
  return false
}

/** Sends an answer made by hand. */
export function sendReply(response: ServerResponse, { status, headers, body }: Reply): void {
  const isText = typeof body === 'string'
  const type = isText ? 'text/html; charset=utf-8' : 'application/json'
  if (body !== undefined && !isText) noteSecrets(Object.entries(body))
  if (headers?.location) noteSecrets(new URL(headers.location, 'http://localhost').searchParams)
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': type }),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(isText ? body : body && JSON.stringify(body))
}

function loseAnswer(response: ServerResponse): void {
  response.write = () => true
  response.end = () => {
    response.destroy()
    return response
  }
}

async function sendEndlessly(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = ' '.repeat(64 * 1024)
  function* chunks(): Generator<string> {
    for (;;) yield chunk
  }
  // It ends only when the client has hung up, which is what it is for.
  await pipeline(Readable.from(chunks()), response).catch(() => {})
}
