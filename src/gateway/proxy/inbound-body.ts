import type { BodySink, BodySource } from '../upstream/index.ts'

/** The body of a request between the parser and whoever takes it. */
export interface InboundBody extends BodySource {
  push(piece: Buffer): void
  finish(): void
  /** Whether all of it has arrived. */
  isComplete(): boolean
  /** Whether more of it is wanted now. */
  isWanted(): boolean
  /** What still comes is counted and thrown away. */
  discard(): void
}

/**
 * Makes the body of a request. What comes before anybody takes it waits here: that is at most what was
 * read together with the head.
 *
 * @param wanted told when more is wanted than before
 */
export function createInboundBody(wanted: () => void): InboundBody {
  let waiting: Buffer[] = []
  let sink: BodySink | undefined
  let isComplete = false
  let isWanted = false
  let isCancelled = false

  function give(piece: Buffer): void {
    // Whoever gives up within the call wants no more, whatever the call says.
    if (sink) isWanted = sink.data(piece) && !isCancelled
  }

  function cancel(): void {
    isCancelled = true
    isWanted = false
    sink = undefined
    waiting = []
  }

  return {
    push(piece) {
      if (sink) give(piece)
      else if (!isCancelled) waiting.push(piece)
    },
    finish() {
      isComplete = true
      sink?.end()
    },
    isComplete: () => isComplete,
    isWanted: () => isWanted,
    read(taker) {
      sink = taker
      isWanted = true
      const early = waiting
      waiting = []
      for (const piece of early) give(piece)
      if (isComplete) sink?.end()
      else if (isWanted) wanted()
    },
    resume() {
      if (sink === undefined || isWanted) return
      isWanted = true
      wanted()
    },
    cancel,
    discard() {
      cancel()
      isWanted = true
      wanted()
    },
  }
}

/** The body of a request that has none. */
export const noBody: InboundBody = {
  push() {},
  finish() {},
  isComplete: () => true,
  isWanted: () => false,
  read: (sink) => sink.end(),
  resume() {},
  cancel() {},
  discard() {},
}
