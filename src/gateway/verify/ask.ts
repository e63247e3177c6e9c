import { answerIn, type HttpAnswer } from './http-answer.ts'
import { openWire, type WireTarget } from './wire.ts'

/** A request, byte for byte as it is written down here. */
export interface Request {
  readonly method?: string
  /** As in the request line. */
  readonly target: string
  /** Whole header lines, `Host` and framing left out. */
  readonly lines?: readonly string[]
  /** Sent as JSON. */
  readonly body?: unknown
  readonly version?: '1.0' | '1.1'
}

/** Sends requests to a gateway, each on a connection of its own. */
export type Ask = (request: Request, deadlineMs?: number) => Promise<HttpAnswer>

/** How long an answer may take, in milliseconds. */
export const defaultDeadlineMs = 15_000

/** The bytes of a request. */
export function bytesOf({ host, port }: WireTarget, request: Request): string {
  const { method = 'GET', target, lines = [], body, version = '1.1' } = request
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const payload = body === undefined ? '' : JSON.stringify(body)
  const framing =
    body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(payload)}`]
  const all = [
    `${method} ${target} HTTP/${version}`,
    `Host: ${authority}`,
    'User-Agent: oidc-gateway-verify',
    'Accept: application/json',
    ...framing,
    ...lines,
  ]
  return `${all.join('\r\n')}\r\n\r\n${Buffer.from(payload, 'utf8').toString('latin1')}`
}

/** Makes a sender for one gateway. @param interrupted gives up */
export function asking(target: WireTarget, interrupted: AbortSignal): Ask {
  return async (request, deadlineMs = defaultDeadlineMs) => {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(deadlineMs)])
    const wire = await openWire(target, signal)
    try {
      wire.write(bytesOf(target, request))
      return await wire.read((bytes, hasEnded) => answerIn(bytes, hasEnded))
    } finally {
      wire.close()
    }
  }
}
