import type { HeaderLine } from '../request/index.ts'
import { type KnownLines, knownLines, placeOf } from './known-lines.ts'
import {
  allocated,
  execute,
  executeStartLine,
  finish,
  freed,
  longestRead,
  methodOf,
  outcome,
  outcomeName,
  resume,
  type Spans,
  side,
  type TextKind,
  versionOf,
} from './llhttp.ts'
import { malformedMessage } from './malformed-message.ts'

/** A head as it stood in the bytes: nothing joined, decoded or normalised. */
export interface MessageHead {
  /** Empty in a response. */
  readonly method: string
  /** The request target, byte for byte; empty in a response. */
  readonly target: string
  /** 0 in a request. */
  readonly status: number
  readonly statusText: string
  /** `1.1`, `1.0`, or whatever else was claimed. */
  readonly httpVersion: string
  /** Values are Latin-1 bytes without the blanks around them (RFC 9110 §5.5). */
  readonly headers: readonly HeaderLine[]
  /** Whether they are, byte for byte, those of an earlier request on the connection: the same array, then. */
  readonly repeatsLines: boolean
  /** Whether the connection may carry another message (RFC 9112 §9.3). */
  readonly isKeptAlive: boolean
  /** Whether what comes behind it is no HTTP: it asks for, or agrees to, another protocol, or a tunnel. */
  readonly isUpgrade: boolean
}

/** Told of messages in the order of their bytes. May close the parser. */
export interface MessageEvents {
  head(head: MessageHead): void
  /** A piece of the body, without its framing; it shares the memory of the chunk that was read. */
  data(piece: Buffer): void
  end(trailers: readonly HeaderLine[]): void
}

/** Reads the messages of one direction of a connection. */
export interface MessageParser {
  /**
   * Reads until a message ends, and no further: what is behind it is read by the next call.
   *
   * @returns how many bytes were taken
   * @throws Error with llhttp's `code` (`HPE_…`) when the bytes are no HTTP/1.1, as behind an upgrade
   */
  read(chunk: Buffer): number
  /**
   * The connection has ended, which ends a message without a length.
   *
   * @throws Error when a message was cut short
   */
  finish(): void
  /** Whether it has a part of a head, and waits for the rest. */
  isInHead(): boolean
  /** Forgets the lines that it knows, unless a request has had them since the last call. */
  forgetUnused(): void
  /** Gives back what it holds; nothing is told any more. */
  close(): void
}

/** How a {@link MessageParser} reads. */
export interface ParserOptions {
  readonly side: keyof typeof side
  /** What a head may take, in bytes. */
  readonly maxHeadBytes: number
  /** Whether the message has no body whatever its head says: the answer to a HEAD (RFC 9112 §6.3). */
  readonly isBodiless?: () => boolean
}

/**
 * What may stand between two pieces of a body: the lengths and extensions of chunks, and trailers. Node's
 * own limit for extensions (CVE-2024-22019).
 */
const longestFraming = 16 * 1024

/**
 * Makes a parser. The reading is llhttp's, strict, as it is in Node's own HTTP server; what is left out are the
 * streams around it.
 */
export function createMessageParser(options: ParserOptions, events: MessageEvents): MessageParser {
  const { maxHeadBytes } = options
  const isOfRequests = options.side === 'requests'
  let parser: number | undefined = allocated(side[options.side])
  let chunk: Buffer = nothing
  // What was read and is not told yet: llhttp must not be entered again by whoever is told.
  let head: MessageHead | undefined
  let pieces: Buffer[] = []
  let isComplete = false
  let isPaused = false
  let isInHead = true
  // Whether a message has begun: blank lines before one are nothing.
  let hasBegun = false
  // Bytes since the last piece of a body, or since the message began, and how many they may be.
  let framing = 0
  let allowance = maxHeadBytes
  let framingFrom = 0
  // Where the last text ended in the chunk that is being read.
  let textEnd = 0
  let fault: string | undefined
  let target = ''
  let statusText = ''
  let lines: HeaderLine[] = []
  // The first head is not remembered: many connections bring no second one.
  let hasReadHead = false
  let known: KnownLines | undefined
  let isKnownUsed = false
  // The known lines, while a head is read that has them.
  let repeated: readonly HeaderLine[] | undefined
  let name = ''
  let value = ''
  let last: TextKind | undefined

  function tooLong(at: number): boolean {
    const isTooLong = framing + at - framingFrom > allowance
    if (isTooLong) fault = isInHead ? 'HPE_HEADER_OVERFLOW' : 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
    return isTooLong
  }

  function lineEnded(): void {
    if (last === 'value' || last === 'name') lines.push([name, withoutTrailingBlanks(value)])
    name = ''
    value = ''
    last = undefined
  }

  const spans: Spans = {
    begun() {
      hasBegun = true
      return outcome.ok
    },
    text(kind, start, end) {
      if (tooLong(end)) return outcome.user
      textEnd = end
      const piece = chunk.toString('latin1', start, end)
      if (kind === 'target') {
        target += piece
      } else if (kind === 'status') {
        statusText += piece
      } else if (kind === 'value') {
        value += piece
      } else {
        if (last === 'value') lineEnded()
        name += piece
      }
      last = kind
      return outcome.ok
    },
    headersComplete(status, isUpgrade, isKeptAlive) {
      lineEnded()
      if (parser === undefined) return outcome.user
      head = {
        method: status === 0 ? methodOf(parser) : '',
        target,
        status,
        statusText,
        httpVersion: versionOf(parser),
        headers: repeated ?? lines,
        repeatsLines: repeated !== undefined,
        isKeptAlive,
        // llhttp reads no further behind a 101, whatever else its head says.
        isUpgrade: isUpgrade || status === 101,
      }
      target = ''
      statusText = ''
      lines = []
      isInHead = false
      framing = 0
      framingFrom = textEnd
      allowance = longestFraming
      if (isUpgrade) return outcome.upgrade
      return options.isBodiless?.() ? outcome.skipBody : outcome.ok
    },
    body(start, end) {
      if (tooLong(start)) return outcome.user
      if (end === start) return outcome.ok
      framing = 0
      framingFrom = end
      pieces.push(chunk.subarray(start, end))
      return outcome.ok
    },
    messageComplete() {
      lineEnded()
      isComplete = true
      return outcome.paused
    },
  }

  /** Tells what was read. Whoever is told may close the parser, or let it read on. */
  function tell(): void {
    const [toldHead, toldPieces, toldEnd, trailers] = [head, pieces, isComplete, lines]
    head = undefined
    if (toldPieces.length > 0) pieces = []
    if (toldEnd) {
      isComplete = false
      isInHead = true
      hasBegun = false
      framing = 0
      allowance = maxHeadBytes
      lines = []
    }
    if (toldHead) events.head(toldHead)
    for (const piece of toldPieces) if (parser !== undefined) events.data(piece)
    if (toldEnd && parser !== undefined) events.end(trailers)
  }

  /** @returns the outcome, and how many bytes were taken */
  function readFrom(parser: number): [number, number] {
    const isAtStart = isOfRequests && isInHead && !hasBegun
    const place = isAtStart && known ? placeOf(known, chunk) : undefined
    if (known && place && framing + place.end <= allowance) {
      isKnownUsed = true
      repeated = known.lines
      const result = executeStartLine(parser, spans, chunk, place.start)
      repeated = undefined
      // Not the end of a head: what stands there is of another protocol.
      return [result === outcome.ok ? outcome.user : result, place.end]
    }
    const [result, taken] = execute(parser, spans, chunk)
    if (isAtStart && head && isComplete && pieces.length === 0) {
      const fresh = hasReadHead ? knownLines(chunk.subarray(0, taken), head.headers) : undefined
      if (fresh) {
        known = fresh
        isKnownUsed = true
      }
      hasReadHead = true
    }
    return [result, taken]
  }

  return {
    read(bytes) {
      if (parser === undefined) return bytes.length
      if (isPaused) resume(parser)
      chunk = bytes.length > longestRead ? bytes.subarray(0, longestRead) : bytes
      framingFrom = 0
      textEnd = 0
      const [result, taken] = readFrom(parser)
      chunk = nothing
      isPaused = result === outcome.paused
      const isGood = isPaused || result === outcome.ok
      if (isGood && !isComplete && tooLong(taken)) throw malformedMessage(fault ?? '')
      framing += taken - framingFrom
      tell()
      if (!isGood) throw malformedMessage(fault ?? outcomeName(result))
      return taken
    },
    finish() {
      // Behind a whole message nothing can be cut short; llhttp would say so, because it has paused there.
      if (parser === undefined || isPaused) return
      const result = finish(parser, spans)
      isPaused = result === outcome.paused
      if (!isPaused && result !== outcome.ok) throw malformedMessage(outcomeName(result))
      tell()
    },
    isInHead: () => isInHead && hasBegun,
    forgetUnused() {
      if (!isKnownUsed) known = undefined
      isKnownUsed = false
    },
    close() {
      if (parser !== undefined) freed(parser)
      parser = undefined
    },
  }
}

const nothing = Buffer.alloc(0)

/** llhttp leaves them; they are no part of the value (RFC 9110 §5.5). */
function withoutTrailingBlanks(value: string): string {
  let end = value.length
  while (end > 0 && isBlank(value.charCodeAt(end - 1))) end -= 1
  return end === value.length ? value : value.slice(0, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}
