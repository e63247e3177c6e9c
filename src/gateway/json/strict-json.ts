import type { Json } from './json.ts'

/** Deeper than any claim; far from the end of the stack. */
const deepest = 32

/**
 * Parses JSON (RFC 8259) more strictly than `JSON.parse`: a key that stands twice in an object, nesting
 * deeper than 32, a number beyond the range of a double, and half a surrogate pair are refused. Of these
 * every parser makes something else, and two that disagree are an attack (rules C19, C20).
 *
 * @returns undefined when the text is not strict JSON
 */
export function parseStrictJson(text: string): Json | undefined {
  const input: Input = { text, position: 0 }
  try {
    const value = readValue(input, 0)
    skipBlanks(input)
    return input.position === text.length ? value : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

interface Input {
  readonly text: string
  position: number
}

class Malformed extends Error {}

function readValue(input: Input, depth: number): Json {
  skipBlanks(input)
  if (depth > deepest) throw new Malformed()
  switch (input.text[input.position]) {
    case '{':
      return readObject(input, depth)
    case '[':
      return readArray(input, depth)
    case '"':
      return readString(input)
    case 't':
      return readWord(input, 'true', true)
    case 'f':
      return readWord(input, 'false', false)
    case 'n':
      return readWord(input, 'null', null)
    default:
      return readNumber(input)
  }
}

function readObject(input: Input, depth: number): ReadonlyMap<string, Json> {
  const object = new Map<string, Json>()
  input.position += 1
  if (takes(input, '}')) return object
  do {
    skipBlanks(input)
    if (input.text[input.position] !== '"') throw new Malformed()
    const key = readString(input)
    if (object.has(key) || !takes(input, ':')) throw new Malformed()
    object.set(key, readValue(input, depth + 1))
  } while (takes(input, ','))
  if (!takes(input, '}')) throw new Malformed()
  return object
}

function readArray(input: Input, depth: number): readonly Json[] {
  const items: Json[] = []
  input.position += 1
  if (takes(input, ']')) return items
  do {
    items.push(readValue(input, depth + 1))
  } while (takes(input, ','))
  if (!takes(input, ']')) throw new Malformed()
  return items
}

const closingQuote = /["\\]/g

function readString(input: Input): string {
  const { text } = input
  const start = input.position
  let isEscaped = false
  for (let from = start + 1; ; ) {
    closingQuote.lastIndex = from
    const found = closingQuote.exec(text)
    if (!found) throw new Malformed()
    if (found[0] === '"') {
      input.position = found.index + 1
      return stringIn(text.slice(start, input.position), isEscaped)
    }
    isEscaped = true
    from = found.index + 2
  }
}

function stringIn(quoted: string, isEscaped: boolean): string {
  const value = isEscaped ? unescaped(quoted) : quoted.slice(1, -1)
  if ((!isEscaped && hasControl.test(value)) || halfPair.test(value)) throw new Malformed()
  return value
}

/** The syntax of escapes is left to the built-in parser. */
function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    throw new Malformed()
  }
}

function readWord<T>(input: Input, word: string, value: T): T {
  if (!input.text.startsWith(word, input.position)) throw new Malformed()
  input.position += word.length
  return value
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function readNumber(input: Input): number {
  number.lastIndex = input.position
  const [digits] = number.exec(input.text) ?? []
  const value = Number(digits ?? Number.NaN)
  if (!Number.isFinite(value)) throw new Malformed()
  input.position = number.lastIndex
  return value
}

function takes(input: Input, character: string): boolean {
  skipBlanks(input)
  if (input.text[input.position] !== character) return false
  input.position += 1
  return true
}

function skipBlanks(input: Input): void {
  const { text } = input
  while (blanks.has(text.charCodeAt(input.position))) input.position += 1
}

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d])
const halfPair = /\p{Surrogate}/u
// RFC 8259 §7: these must be escaped.
const hasControl = /[^ -\u{10ffff}]/u
