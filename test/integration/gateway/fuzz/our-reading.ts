import {
  type Reading,
  type ReadMessage,
  readMessages,
} from '../../../../src/gateway/testing/read-messages.ts'
import type { PlainMessage, PlainReading } from './node-reading.ts'
import type { Random } from './random.ts'

/** Reads the requests of a connection, which ends behind them, with our parser. */
export function ourRequests(bytes: Buffer, random: Random): PlainReading {
  const reading = readMessages(pieces(bytes, random), { side: 'requests', isEnded: true })
  const messages = reading.messages.map((message) => plain(message, !message.head.isUpgrade))
  return { messages, error: reading.error, behind: reading.behind }
}

/**
 * Reads an answer, behind which the connection ends, with our parser and by the rules of our connections: the
 * first message that is no interim answer counts, and what follows is none (`src/gateway/upstream/connection.ts`).
 */
export function ourAnswer(bytes: Buffer, method: string, random: Random): PlainReading {
  const isBodiless = method === 'HEAD'
  const reading = readMessages(pieces(bytes, random), {
    side: 'responses',
    isEnded: true,
    isBodiless,
  })
  const answer = reading.messages.find(({ head }) => !isInterim(head.status))
  if (answer?.trailers === undefined) return none(answer, reading)
  if (answer.head.isUpgrade) return { ...none(undefined, reading), error: 'switched' }
  if (answer.head.status < 100) return { ...none(undefined, reading), error: 'status' }
  return { messages: [plain(answer, false)], error: undefined, behind: undefined }
}

function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101
}

function none(answer: ReadMessage | undefined, { error }: Reading): PlainReading {
  const messages = answer ? [plain(answer, false)] : []
  return { messages, error: error ?? 'none', behind: undefined }
}

function plain({ head, body, trailers }: ReadMessage, isPersistenceTold: boolean): PlainMessage {
  return {
    method: head.method,
    target: head.target,
    status: head.status,
    statusText: head.statusText,
    httpVersion: head.httpVersion,
    headers: head.headers.flat(),
    isKeptAlive: isPersistenceTold ? head.isKeptAlive : undefined,
    body,
    trailers: (trailers ?? []).flat(),
    isWhole: trailers !== undefined,
  }
}

/** At once, or cut at some places. */
function pieces(bytes: Buffer, random: Random): Buffer[] {
  const all: Buffer[] = []
  let rest = bytes
  for (let count = random.below(8); count > 0; count -= 1) {
    const at = random.below(Math.min(rest.length, 200) + 1)
    all.push(rest.subarray(0, at))
    rest = rest.subarray(at)
  }
  return [...all, rest]
}
