import { createHash, randomBytes } from 'node:crypto'
import { OidcLoginError } from '../../errors.ts'
import { bytesOf, defaultDeadlineMs } from './ask.ts'
import { bearer, type VerifyContext } from './context.ts'
import { answerIn } from './http-answer.ts'
import { messageIn } from './identity.ts'
import { openWire, type Wire } from './wire.ts'

/** A message of a channel: the first byte of a binary message of the `channel.k8s.io` protocols. */
export interface ChannelMessage {
  readonly channel: number
  readonly data: Buffer
}

/** A WebSocket to a pod, through the gateway. */
export interface PodSocket {
  /**
   * Waits for messages until `isEnough` says so, or the other side closes.
   *
   * @param patienceMs or until so many milliseconds have passed
   */
  messages(
    isEnough: (all: readonly ChannelMessage[]) => boolean,
    patienceMs?: number,
  ): Promise<readonly ChannelMessage[]>
  close(): void
}

/**
 * Opens a WebSocket to a subresource of a pod.
 *
 * @param target path and query
 * @param protocol subprotocol, such as `v5.channel.k8s.io`
 * @throws OidcLoginError `api_server_response_invalid` when it is not switched, and those of `openWire`
 */
export async function openPodSocket(
  context: VerifyContext,
  target: string,
  protocol: string,
): Promise<PodSocket> {
  const signal = AbortSignal.any([context.interrupted, AbortSignal.timeout(defaultDeadlineMs)])
  const wire = await openWire(context.target, signal)
  try {
    await switchProtocol(context, wire, target, protocol)
  } catch (error) {
    wire.close()
    throw error
  }
  return {
    close: wire.close,
    async messages(isEnough, patienceMs = defaultDeadlineMs) {
      let isOver = false
      const over = (): void => {
        isOver = true
        wire.wake()
      }
      context.clock.sleep(patienceMs, signal, 'background').then(over, over)
      return await wire.read((bytes, hasEnded) => {
        const { messages, isClosed } = messagesIn(bytes)
        return isEnough(messages) || isClosed || hasEnded || isOver ? messages : undefined
      })
    },
  }
}

async function switchProtocol(
  context: VerifyContext,
  wire: Wire,
  target: string,
  protocol: string,
): Promise<void> {
  const key = randomBytes(16).toString('base64')
  const lines = [
    bearer(context),
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
  ]
  wire.write(bytesOf(context.target, { target, lines }))
  const answer = await wire.read((bytes, hasEnded) =>
    answerIn(bytes, hasEnded, (status) => status === 101),
  )
  if (answer.status !== 101) {
    throw new OidcLoginError(
      'api_server_response_invalid',
      `The upgrade is answered with ${answer.status}: ${messageIn(answer)}.`,
      {
        hint: 'Check that this person may do it, and that nothing before the gateway forbids WebSockets.',
      },
    )
  }
  if (answer.headers.get('sec-websocket-accept') !== acceptOf(key)) {
    throw new OidcLoginError(
      'api_server_response_invalid',
      'The upgrade is answered as if it were another one (Sec-WebSocket-Accept).',
      { hint: 'Look at what stands before the gateway: it must not answer by itself.' },
    )
  }
  wire.take(answer.length)
}

/** RFC 6455 §4.2.2. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** Opcodes of RFC 6455 §5.2. */
const binary = 2
const closing = 8

/** The whole binary messages in what came so far. Servers do not mask. */
function messagesIn(bytes: Buffer): {
  readonly messages: readonly ChannelMessage[]
  readonly isClosed: boolean
} {
  const messages: ChannelMessage[] = []
  let at = 0
  for (;;) {
    const frame = frameAt(bytes, at)
    if (!frame) return { messages, isClosed: false }
    if (frame.opcode === closing) return { messages, isClosed: true }
    if (frame.opcode === binary && frame.payload.length > 0) {
      messages.push({ channel: frame.payload[0] ?? 0, data: frame.payload.subarray(1) })
    }
    at = frame.end
  }
}

function frameAt(
  bytes: Buffer,
  at: number,
): { readonly opcode: number; readonly payload: Buffer; readonly end: number } | undefined {
  if (bytes.length < at + 2) return undefined
  const opcode = bytes.readUInt8(at) & 0x0f
  const short = bytes.readUInt8(at + 1) & 0x7f
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0
  const start = at + 2 + extra
  if (bytes.length < start) return undefined
  const length =
    extra === 8
      ? Number(bytes.readBigUInt64BE(at + 2))
      : extra === 2
        ? bytes.readUInt16BE(at + 2)
        : short
  if (bytes.length < start + length) return undefined
  return { opcode, payload: bytes.subarray(start, start + length), end: start + length }
}
