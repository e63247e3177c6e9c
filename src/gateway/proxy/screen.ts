import type { Forward, PassThrough } from '../impersonation/index.ts'
import type { Refusal } from '../request/index.ts'
import type { Receiver, ResponseHead } from '../upstream/index.ts'
import { longestRefusal, mayBeAboutUs, ownRightRefusal } from './own-right.ts'

/** Carries an answer to the client, or a refusal in its place. */
export interface Relay extends Receiver {
  /** Before anything was carried. */
  refuse(refusal: Refusal): void
}

/** Holds back a refusal of the API server until it is clear whether it is about the user or about us. */
export function screened(relay: Relay, decision: Forward | PassThrough): Receiver {
  // A watch lasts for hours, and must not keep its request as long.
  let judged: Forward | PassThrough | undefined = decision
  let held: { readonly head: ResponseHead; readonly chunks: Buffer[]; size: number } | undefined

  /** @returns whether more may come at once */
  function release(): boolean {
    if (!held) return true
    const { head, chunks } = held
    held = undefined
    relay.head(head)
    return chunks.map((chunk) => relay.data(chunk)).every(Boolean)
  }

  return {
    head(head) {
      if (judged && mayBeAboutUs(judged, head)) held = { head, chunks: [], size: 0 }
      else relay.head(head)
      judged = undefined
    },
    data(chunk) {
      if (!held) return relay.data(chunk)
      held.chunks.push(chunk)
      held.size += chunk.length
      return held.size <= longestRefusal || release()
    },
    end(trailers) {
      const refusal = held && ownRightRefusal(Buffer.concat(held.chunks))
      if (refusal) {
        relay.refuse(refusal)
        return
      }
      release()
      relay.end(trailers)
    },
    failed(failure) {
      // Nothing of it was carried: it is as if nothing had come.
      held = undefined
      relay.failed(failure)
    },
  }
}
