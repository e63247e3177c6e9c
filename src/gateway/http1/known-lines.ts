import { factsOf, type HeaderLine } from '../request/index.ts'

/**
 * The header lines that a connection brought last, and the bytes that they were read from. Programs send the same
 * ones with each request; only what is new has to be read.
 */
export interface KnownLines {
  readonly lines: readonly HeaderLine[]
  /** With the empty line behind them. */
  readonly bytes: Buffer
}

/** Where known lines stand in a chunk, with the empty line behind them. */
export interface Place {
  readonly start: number
  readonly end: number
}

/**
 * Looks whether a message has, byte for byte, the known lines.
 *
 * @param chunk begins with a message
 * @returns undefined for other lines, and for half a head
 */
export function placeOf({ bytes }: KnownLines, chunk: Buffer): Place | undefined {
  const start = startOfLines(chunk)
  const end = start + bytes.length
  const isThere = start > 0 && end <= chunk.length && bytes.compare(chunk, start, end) === 0
  return isThere ? { start, end } : undefined
}

/** No program needs more. What a connection may cost is bounded before anybody has shown a token. */
const maxLines = 64
const maxBytes = 16 * 1024

/**
 * Keeps the lines of a head that was read.
 *
 * @param head all its bytes
 * @returns undefined for too much, and when a line says how the message, or the connection, goes on: those are read
 *   each time
 */
export function knownLines(head: Buffer, lines: readonly HeaderLine[]): KnownLines | undefined {
  const start = startOfLines(head)
  const isMuch = lines.length > maxLines || head.length - start > maxBytes
  if (start === 0 || isMuch || lines.some(isReadByParser)) return undefined
  // Not a view: it would keep the whole chunk.
  return { lines, bytes: Buffer.from(head.subarray(start)) }
}

/** @returns 0 when there is no end of a start line, and where something else stands before it: blank lines may */
function startOfLines(chunk: Buffer): number {
  return (chunk[0] ?? 0) > space ? chunk.indexOf(lineFeed) + 1 : 0
}

const lineFeed = 0x0a
const space = 0x20

function isReadByParser([name]: HeaderLine): boolean {
  return readByParser.has(factsOf(name).lower)
}

/** The headers that llhttp itself understands (`SPECIAL_HEADERS` in its `constants.ts`). */
const readByParser: ReadonlySet<string> = new Set([
  'connection',
  'proxy-connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
])
