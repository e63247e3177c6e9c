import { Readable } from 'node:stream'
import type { Forward, PassThrough } from '../impersonation/index.ts'
import type { Refusal } from '../request/index.ts'
import type { DialAnswer } from '../upstream/index.ts'
import { longestRefusal, mayBeAboutUs, ownRightRefusal } from './own-right.ts'

/**
 * Reads the body of a refusal, to see whether it is about the user or about us.
 *
 * @returns our refusal in its place, or the reply, whole again; a failure when it cannot be read
 */
export async function screenedReply(
  decision: Forward | PassThrough,
  reply: DialAnswer,
): Promise<DialAnswer | Refusal> {
  if (reply.kind !== 'answered' || !mayBeAboutUs(decision, reply.head)) return reply
  const chunks: Buffer[] = []
  let size = 0
  const rest: AsyncIterator<Buffer> = reply.body[Symbol.asyncIterator]()
  try {
    while (size <= longestRefusal) {
      const { value, done } = await rest.next()
      if (done) break
      chunks.push(value)
      size += value.length
    }
  } catch {
    return { kind: 'failed', failure: 'broken' }
  }
  const refusal = size <= longestRefusal ? ownRightRefusal(Buffer.concat(chunks)) : undefined
  return refusal ?? { ...reply, body: Readable.from(whole(chunks, rest), { objectMode: false }) }
}

async function* whole(
  read: readonly Buffer[],
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void> {
  yield* read
  yield* { [Symbol.asyncIterator]: () => rest }
}
