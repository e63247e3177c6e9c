import type { Socket } from 'node:net'
import type { ClientConnection } from './client-connection.ts'
import { sourceOf } from './source.ts'

/** How many connections are served. */
export interface ConnectionLimits {
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
}

/** The connections of all clients. */
export interface Connections {
  /** Counts a new TCP connection; one that is too many even to be told so is closed. */
  accept(socket: Socket): void
  /** Makes the record of a connection whose TLS handshake is done. */
  secured(socket: Socket): ClientConnection
  /** Undefined for a socket whose TLS handshake was never done. */
  find(socket: Socket): ClientConnection | undefined
  /** @throws when there is none: nothing can be asked of us before the TLS handshake */
  of(socket: Socket): ClientConnection
  all(): IterableIterator<ClientConnection>
  /** How many are open. */
  count(): number
}

/** Why a connection was turned away. */
export type ConnectionRefusal = 'limit' | 'address_limit' | 'tls_handshake'

/** Told of each connection that is turned away. */
export type OnConnectionRefused = (reason: ConnectionRefusal) => void

/**
 * So many connections beyond a limit are answered with 503 before they are closed; others are closed
 * without a word, because even a TLS handshake costs more than they may.
 */
export const surplusConnections = 64

/** Keeps the book of connections: in total and by source, from the first TCP packet on. */
export function createConnections(
  limits: ConnectionLimits,
  refused: OnConnectionRefused,
): Connections {
  const counts = new Map<string, number>()
  const secured = new Map<Socket, ClientConnection>()
  // The two sockets of a connection, TCP and TLS, have their other end in common.
  const surplus = new Set<string>()
  let total = 0

  function excess(source: string): number {
    return Math.max(
      total - limits.maxConnections,
      (counts.get(source) ?? 0) - limits.maxConnectionsPerAddress,
    )
  }

  function turnedAway(): void {
    refused(total > limits.maxConnections ? 'limit' : 'address_limit')
  }

  return {
    accept(socket) {
      const source = sourceOf(addressOf(socket))
      total += 1
      counts.set(source, (counts.get(source) ?? 0) + 1)
      const end = farEnd(socket)
      if (excess(source) > 0) surplus.add(end)
      socket.once('close', () => {
        surplus.delete(end)
        total -= 1
        const left = (counts.get(source) ?? 1) - 1
        if (left > 0) counts.set(source, left)
        else counts.delete(source)
      })
      if (excess(source) > surplusConnections) {
        turnedAway()
        socket.destroy()
      }
    },
    secured(socket) {
      const address = addressOf(socket)
      let controller: AbortController | undefined
      const connection: ClientConnection = {
        socket,
        address,
        signal() {
          controller ??= new AbortController()
          if (!secured.has(socket)) controller.abort()
          return controller.signal
        },
        isSurplus: surplus.has(farEnd(socket)),
        running: undefined,
      }
      secured.set(socket, connection)
      if (connection.isSurplus) turnedAway()
      // Node reports some errors only here; without a listener one client could end the process.
      socket.on('error', () => {})
      socket.once('close', () => {
        secured.delete(socket)
        controller?.abort()
        connection.running?.gone()
      })
      return connection
    },
    find: (socket) => secured.get(socket),
    of(socket) {
      const connection = secured.get(socket)
      if (!connection) throw new Error('The connection is not in the book.')
      return connection
    },
    all: () => secured.values(),
    count: () => total,
  }
}

function farEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** IPv4 addresses on a socket that listens for both families begin with `::ffff:`. */
function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
