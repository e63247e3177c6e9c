import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** The server's side of a WebSocket (RFC 6455), for messages in one frame each, as kubectl sends them. */
export interface WebSocketPeer {
  /** Sends a binary message. */
  send(message: Buffer): void
  close(): void
}

/** Accepts the upgrade and hands over each message. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  { protocol, received }: { protocol: string; received: (message: Buffer) => void },
): WebSocketPeer {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  )
  let bytes = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    for (let frame = frameOf(bytes); frame; frame = frameOf(bytes)) {
      bytes = bytes.subarray(frame.length)
      if (frame.opcode === 8) socket.end(framed(8, frame.payload))
      else if (frame.opcode === 9) socket.write(framed(10, frame.payload))
      else received(frame.payload)
    }
  })
  return {
    send: (message) => void socket.write(framed(2, message)),
    close: () => void socket.write(framed(8, Buffer.from([3, 232]))),
  }
}

interface Frame {
  readonly opcode: number
  readonly payload: Buffer
  readonly length: number
}

/** The first frame, if it is whole; frames of clients are masked. */
function frameOf(bytes: Buffer): Frame | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const short = second & 0x7f
  const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < maskAt + 4) return undefined
  const size =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const length = maskAt + 4 + size
  if (bytes.length < length) return undefined
  const mask = bytes.subarray(maskAt, maskAt + 4)
  const payload = bytes.subarray(maskAt + 4, length).map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return { opcode: first & 0x0f, payload: Buffer.from(payload), length }
}

function framed(opcode: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : 10)
  head[0] = 0x80 | opcode
  if (payload.length < 126) {
    head[1] = payload.length
  } else {
    head[1] = 127
    head.writeBigUInt64BE(BigInt(payload.length), 2)
  }
  return Buffer.concat([head, payload])
}
