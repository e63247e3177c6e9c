import type { Socket } from 'node:net'
import { systemErrorCode } from '../../errors.ts'
import { atEndOfTurn } from '../http1/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { Desk } from './desk.ts'
import { closingResponseBytes } from './response-bytes.ts'
import { refusalResponse } from './status.ts'

/**
 * Answers what Node's parser did not understand, and closes the connection. While a request is under way
 * on the same connection an answer would be taken for that request's: then what has been written is
 * all that the client gets.
 */
export function answerMalformed(desk: Desk, error: Error, socket: Socket): void {
  const connection = desk.connections.find(socket)
  // Without a record there was no TLS handshake, and nobody who could read an answer.
  if (!connection || !socket.writable) {
    socket.destroy()
  } else if (connection.running) {
    // At once: it must not be forwarded while the last bytes are on their way to the client.
    connection.running.gone()
    atEndOfTurn(() => socket.destroySoon())
  } else {
    socket.end(closingResponseBytes(refusalResponse(refusalOf(error), undefined)))
    socket.destroySoon()
  }
}

function refusalOf(error: Error): Refusal {
  switch (systemErrorCode(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return refuse(431, 'headers_too_many', 'The head of the request is too large.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse(408, 'request_malformed', 'The head of the request did not arrive in time.')
    default:
      return refuse(400, 'request_malformed', 'The request is not HTTP/1.1.')
  }
}
