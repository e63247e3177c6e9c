/** Follows the frames of one direction of a WebSocket (RFC 6455 §5.2) to know where another may begin. */
export interface WebSocketBoundary {
  passed(chunk: Buffer): void
  isReached(): boolean
  /** Whether a close frame has begun: the end is no surprise then. */
  isClosing(): boolean
}

/** For the direction from the server to the client, whose frames are not masked. */
export function createWebSocketBoundary(): WebSocketBoundary {
  let header: number[] = []
  let left = 0
  let isClosing = false
  return {
    passed(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (left > 0) {
          const step = Math.min(left, chunk.length - at)
          left -= step
          at += step
          continue
        }
        header.push(chunk[at] ?? 0)
        at += 1
        if (header.length < headerLength(header)) continue
        left = payloadLength(header)
        isClosing ||= ((header[0] ?? 0) & 0x0f) === 0x8
        header = []
      }
    },
    isReached: () => left === 0 && header.length === 0,
    isClosing: () => isClosing,
  }
}

function headerLength(header: readonly number[]): number {
  const second = header[1]
  if (second === undefined) return 2
  const extended = (second & 0x7f) === 126 ? 2 : (second & 0x7f) === 127 ? 8 : 0
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4)
}

function payloadLength(header: readonly number[]): number {
  const short = (header[1] ?? 0) & 0x7f
  if (short < 126) return short
  return header.slice(2, short === 126 ? 4 : 10).reduce((sum, byte) => sum * 256 + byte, 0)
}

/**
 * A close frame of the server's.
 *
 * @param code RFC 6455 §7.4.1; 1001 is "going away", 1008 "policy violation"
 * @param reason at most 123 bytes
 */
export function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, 123)
  const frame = Buffer.alloc(4 + text.length)
  frame[0] = 0x88
  frame[1] = 2 + text.length
  frame.writeUInt16BE(code, 2)
  text.copy(frame, 4)
  return frame
}
