import type { HeaderLine } from './raw-request.ts'
import type { Refusal } from './refusal.ts'
import { refuse } from './refuse.ts'

/** The token of a browser, and the lines without it. */
export interface WebSocketBearer {
  readonly kind: 'websocket'
  readonly token: string | undefined
  readonly headers: readonly HeaderLine[]
}

const prefix = 'base64url.bearer.authorization.k8s.io.'

/**
 * Takes the bearer token out of the WebSocket subprotocols, where browsers put it because they cannot
 * send `Authorization` (rule B5; k8s.io/apiserver pkg/authentication/request/websocket/protocol.go).
 * The subprotocol that carries it is gone from the returned lines.
 */
export function webSocketBearer(headers: readonly HeaderLine[]): WebSocketBearer | Refusal {
  const offered = headers.filter(isOffer).flatMap(([, value]) => value.split(',').map(trimmed))
  const bearers = offered.filter((protocol) => protocol.startsWith(prefix))
  const [bearer] = bearers
  if (bearer === undefined) return { kind: 'websocket', token: undefined, headers }
  if (bearers.length > 1) return refused('there is more than one')
  const token = decoded(bearer.slice(prefix.length))
  if (token === undefined) return refused('it is not base64url without padding')
  const others = offered.filter((protocol) => protocol !== bearer && protocol !== '')
  if (others.length === 0) return refused('no other subprotocol is offered with it')
  return {
    kind: 'websocket',
    token,
    headers: [
      ...headers.filter((line) => !isOffer(line)),
      ['Sec-WebSocket-Protocol', others.join(', ')],
    ],
  }
}

function isOffer([name]: HeaderLine): boolean {
  return name.toLowerCase() === 'sec-websocket-protocol'
}

function trimmed(text: string): string {
  return text.trim()
}

/** Canonical base64url of a token's characters; anything else is undefined. */
function decoded(text: string): string | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64url')
  const token = bytes.toString('latin1')
  if (bytes.toString('base64url') !== text || !/^[-\w.~+/]+=*$/.test(token)) return undefined
  return token
}

function refused(why: string): Refusal {
  return refuse(
    401,
    'credential_malformed',
    `The WebSocket subprotocol with the bearer token is not accepted: ${why}.`,
  )
}
