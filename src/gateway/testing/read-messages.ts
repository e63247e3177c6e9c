import { systemErrorCode } from '../../errors.ts'
import { createMessageParser, type MessageHead } from '../http1/index.ts'
import type { HeaderLine } from '../request/index.ts'

/** A message as a parser told it. */
export interface ReadMessage {
  readonly head: MessageHead
  /** Latin-1. */
  body: string
  /** Undefined while it is not whole. */
  trailers: readonly HeaderLine[] | undefined
}

/** What a parser made of some bytes. */
export interface Reading {
  readonly messages: readonly ReadMessage[]
  /** llhttp's name for what was wrong; undefined for nothing. */
  readonly error: string | undefined
  /** What came behind an upgrade, as Latin-1; undefined without one. */
  readonly behind: string | undefined
}

/** How to read. */
export interface ReadingOptions {
  readonly side: 'requests' | 'responses'
  readonly maxHeadBytes?: number
  readonly isBodiless?: boolean
  /** Whether the connection ends behind the bytes. */
  readonly isEnded?: boolean
  /** Whether the parser keeps nothing of what it has read. */
  readonly isForgetful?: boolean
}

/** Reads bytes in the pieces in which they come, as connections do. */
export function readMessages(pieces: readonly Buffer[], options: ReadingOptions): Reading {
  const {
    side,
    maxHeadBytes = 128 * 1024,
    isBodiless = false,
    isEnded = false,
    isForgetful = false,
  } = options
  const messages: ReadMessage[] = []
  let behind: string | undefined
  let error: string | undefined
  const parser = createMessageParser(
    { side, maxHeadBytes, isBodiless: () => isBodiless },
    {
      head(head) {
        messages.push({ head, body: '', trailers: undefined })
        if (head.isUpgrade) behind = ''
      },
      data(piece) {
        const last = messages.at(-1)
        if (piece.length === 0) throw new Error('A piece of nothing would end a chunked body.')
        if (last) last.body += piece.toString('latin1')
      },
      end(trailers) {
        const last = messages.at(-1)
        if (last) last.trailers = trailers
      },
    },
  )
  try {
    for (const piece of pieces) {
      let rest = piece
      while (rest.length > 0 && behind === undefined) {
        for (let times = isForgetful ? 2 : 0; times > 0; times -= 1) parser.forgetUnused()
        rest = rest.subarray(parser.read(rest))
      }
      if (behind !== undefined) behind += rest.toString('latin1')
    }
    if (isEnded && behind === undefined) parser.finish()
  } catch (thrown) {
    error = systemErrorCode(thrown) ?? String(thrown)
  } finally {
    parser.close()
  }
  return { messages, error, behind }
}
