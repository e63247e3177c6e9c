import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces } from '../testing/pieces.ts'
import { type Reading, type ReadingOptions, readMessages } from '../testing/read-messages.ts'
import { createMessageParser, type MessageParser } from './message-parser.ts'

const requests: ReadingOptions = { side: 'requests' }
const responses: ReadingOptions = { side: 'responses' }

function read(text: string, options = requests): Reading {
  return readMessages([Buffer.from(text, 'latin1')], options)
}

const name = fc.constantFrom('A', 'x-b', 'Authorization', 'Impersonate_User', '!#$%')
const value = fc.constantFrom('', 'a', 'a b', '\tä\t', 'a:b', ' x ', '"')
const lines = fc.array(fc.tuple(name, value), { maxLength: 6 })
const bodyText = fc.stringMatching(/^[ -~\r\n\x80-\xff]{0,60}$/)

interface Sample {
  readonly wire: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly trailers: readonly (readonly [string, string])[]
}

const trimmed = ([key, text]: readonly [string, string]): [string, string] => [
  key,
  text.replaceAll(/^[ \t]+|[ \t]+$/g, ''),
]
const written = (all: readonly (readonly [string, string])[]): string =>
  all.map(([key, text]) => `${key}: ${text}\r\n`).join('')

const request: fc.Arbitrary<Sample> = fc
  .record({
    target: fc.stringMatching(/^\/[!-~]{0,30}$/),
    lines,
    framing: fc.constantFrom('none', 'length', 'chunks'),
    chunks: fc.array(bodyText, { maxLength: 4 }),
    trailers: lines,
    blanks: fc.constantFrom('', '\r\n'),
  })
  .map((made) => {
    const body = made.framing === 'none' ? '' : made.chunks.join('')
    const isChunked = made.framing === 'chunks'
    const trailers = isChunked ? made.trailers : []
    const framing: readonly (readonly [string, string])[] =
      made.framing === 'none'
        ? []
        : [isChunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)]]
    const chunks = made.chunks
      .filter((chunk) => chunk !== '')
      .map((chunk) => `${chunk.length.toString(16)};ext=a\r\n${chunk}\r\n`)
    const headers = [...made.lines, ...framing]
    return {
      wire: `${made.blanks}POST ${made.target} HTTP/1.1\r\n${written(headers)}\r\n${
        isChunked ? `${chunks.join('')}0\r\n${written(trailers)}\r\n` : body
      }`,
      target: made.target,
      headers: headers.map(trimmed),
      body,
      trailers: trailers.map(trimmed),
    }
  })

test('however bytes are cut, they are the same messages, and those that were written', () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (samples, cuts) => {
        const bytes = Buffer.from(samples.map(({ wire }) => wire).join(''), 'latin1')
        const { messages, error } = readMessages(pieces(bytes, cuts), {
          ...requests,
          isEnded: true,
        })
        expect(error).toBeUndefined()
        expect(messages.map(({ head, body, trailers }) => ({ head, body, trailers }))).toEqual(
          samples.map(({ target, headers, body, trailers }) => ({
            head: {
              method: 'POST',
              target,
              status: 0,
              statusText: '',
              httpVersion: '1.1',
              headers,
              repeatsLines: expect.any(Boolean),
              isKeptAlive: true,
              isUpgrade: false,
            },
            body,
            trailers,
          })),
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('byte by byte is as good as at once', () => {
  const text =
    'GET /a?b HTTP/1.1\r\nHost: x \t\r\nA:\r\nB: \t \r\nC:c\r\n\r\nPUT / HTTP/1.0\r\n\r\n'
  const slow = [...text].map((character) => Buffer.from(character, 'latin1'))
  expect(readMessages(slow, requests)).toEqual(read(text))
  expect(read(text).messages.map(({ head }) => head)).toMatchObject([
    {
      target: '/a?b',
      headers: [
        ['Host', 'x'],
        ['A', ''],
        ['B', ''],
        ['C', 'c'],
      ],
    },
    { method: 'PUT', httpVersion: '1.0', isKeptAlive: false },
  ])
})

test.each([
  ['CONNECT a:1 HTTP/1.1\r\n\r\nxyz', 'xyz'],
  [
    'GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
  ],
  ['POST / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: a\r\nContent-Length: 3\r\n\r\nabc', 'abc'],
])('what comes behind an upgrade is not read: %j', (text, behind) => {
  const reading = read(text)
  expect(reading).toMatchObject({ behind, error: undefined, messages: [{ trailers: [] }] })
})

test('a head and the framing of a body have limits of their own', () => {
  const limited = { ...requests, maxHeadBytes: 1_000 }
  const head = (count: number): string => `POST / HTTP/1.1\r\nA: ${'a'.repeat(count)}\r\n`
  const chunked = 'Transfer-Encoding: chunked\r\n\r\n'
  const part = (count: number): string => `1;${'e'.repeat(count)}\r\nx\r\n`
  expect(read(`${head(940)}\r\n`, limited).error).toBeUndefined()
  expect(read(`${head(1_000)}\r\n`, limited).error).toBe('HPE_HEADER_OVERFLOW')
  expect(read(head(1_000).slice(0, -2), limited).error).toBe('HPE_HEADER_OVERFLOW')
  expect(read('\r\n'.repeat(600), limited).error).toBe('HPE_HEADER_OVERFLOW')
  expect(
    read(`${head(900)}${chunked}${part(16_000)}${part(16_000)}0\r\n\r\n`, limited),
  ).toMatchObject({
    error: undefined,
    messages: [{ body: 'xx', trailers: [] }],
  })
  const overflow = 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
  expect(read(head(900) + chunked + part(17_000), limited).error).toBe(overflow)
  expect(read(head(900) + chunked + part(1) + part(17_000), limited).error).toBe(overflow)
  expect(read(`${head(900)}${chunked}0\r\n${'A: b\r\n'.repeat(3_000)}\r\n`, limited).error).toBe(
    overflow,
  )
  // The limit is for each message.
  const several = readMessages([Buffer.from(`${head(900)}\r\n${head(900)}\r\n`)], {
    ...limited,
    isEnded: false,
  })
  expect(several.messages).toHaveLength(2)
})

test('a body longer than what is read at once is read to its end', () => {
  const size = 300_000
  const { messages, error } = read(
    `POST / HTTP/1.1\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}GET / HTTP/1.1\r\n\r\n`,
  )
  expect(error).toBeUndefined()
  expect(messages.map(({ body }) => body.length)).toEqual([size, 0])
})

const cutShort = 'HPE_INVALID_EOF_STATE'

test.each([
  ['', undefined, 0],
  ['\r\n', undefined, 0],
  ['GE', cutShort, 0],
  ['GET / HTTP/1.1\r\n', cutShort, 0],
  ['GET / HTTP/1.1\r\nA: b\r\n\r', cutShort, 0],
  ['GET / HTTP/1.1\r\n\r\n', undefined, 1],
  ['POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na', cutShort, 1],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n', cutShort, 1],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', cutShort, 1],
])('a connection that ends after %j', (text, error, count) => {
  const reading = read(text, { ...requests, isEnded: true })
  expect(reading.error).toBe(error)
  expect(reading.messages).toHaveLength(count)
})

test.each([
  ['HTTP/1.1 200 OK\r\n\r\nall', false, ['all'], undefined],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nall', false, ['all'], undefined],
  ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nal', false, ['al'], cutShort],
  ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', true, [''], undefined],
  ['HTTP/1.1 204 No\r\n\r\nHTTP/1.1 304 No\r\n\r\n', false, ['', ''], undefined],
  [
    'HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Go\r\n\r\nHTTP/1.1 200\r\n\r\n',
    false,
    ['', '', ''],
    undefined,
  ],
  [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    false,
    [],
    'HPE_INVALID_TRANSFER_ENCODING',
  ],
  [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n',
    false,
    [],
    'HPE_UNEXPECTED_CONTENT_LENGTH',
  ],
  ['HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', false, [], 'HPE_INVALID_HEADER_TOKEN'],
])('the end of an answer: %j', (text, isBodiless, bodies, error) => {
  const reading = read(text, { ...responses, isBodiless, isEnded: true })
  expect(reading.messages.map(({ body }) => body)).toEqual(bodies)
  expect(reading.error).toBe(error)
})

test('it has a part of a head from its first byte on, and blank lines are none', () => {
  const parser = createMessageParser(
    { side: 'requests', maxHeadBytes: 1_000 },
    { head() {}, data() {}, end() {} },
  )
  const after = (text: string): boolean => {
    for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(parser.read(rest))
    return parser.isInHead()
  }
  expect(['\r\n', 'G', 'ET / HTTP/1.1\r\n', '\r\n', '\r\n', 'P'].map(after)).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
  ])
  parser.close()
})

test.each(['head', 'data', 'end'] as const)('whoever is told of %s may close it', (at) => {
  const told: string[] = []
  let parser: MessageParser | undefined
  const tell = (event: string) => (): void => {
    told.push(event)
    if (event === at) parser?.close()
  }
  parser = createMessageParser(
    { side: 'requests', maxHeadBytes: 1_000 },
    { head: tell('head'), data: tell('data'), end: tell('end') },
  )
  const bytes = Buffer.from('POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx')
  expect(parser.read(bytes)).toBe(bytes.length)
  expect(told.at(-1)).toBe(at)
  // Nothing is read any more, and its memory may be another parser's.
  const other = createMessageParser(
    { side: 'requests', maxHeadBytes: 1_000 },
    { head: tell('other'), data() {}, end() {} },
  )
  expect(parser.read(Buffer.from('\0'))).toBe(1)
  expect(parser.isInHead()).toBe(false)
  parser.finish()
  parser.close()
  parser.close()
  const next = createMessageParser(
    { side: 'responses', maxHeadBytes: 1_000 },
    { head: tell('next'), data() {}, end() {} },
  )
  other.read(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  next.read(Buffer.from('HTTP/1.1 204 No\r\n\r\n'))
  expect(told.slice(-2)).toEqual(['other', 'next'])
  other.close()
  next.close()
})

test('parsers that read in turns, and one within another, do not see each other', () => {
  const seen: string[] = []
  const events = (who: string, within?: () => void) => ({
    head({ target }: { readonly target: string }) {
      seen.push(`${who} ${target}`)
      within?.()
    },
    data: (piece: Buffer) => void seen.push(`${who} ${piece.toString()}`),
    end: () => void seen.push(`${who} end`),
  })
  const options = { side: 'requests', maxHeadBytes: 1_000 } as const
  const inner = createMessageParser(options, events('inner'))
  inner.read(Buffer.from('POST /in'))
  const outer = createMessageParser(
    options,
    events('outer', () => {
      inner.read(Buffer.from('ner HTTP/1.1\r\nContent-Length: 2\r\n\r\nzz'))
    }),
  )
  outer.read(Buffer.from('POST /outer HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc'))
  expect(seen).toEqual([
    'outer /outer',
    'inner /inner',
    'inner zz',
    'inner end',
    'outer abc',
    'outer end',
  ])
  inner.close()
  outer.close()
})

test('an event that fails is told to whoever reads, and harms no other parser', () => {
  const options = { side: 'requests', maxHeadBytes: 1_000 } as const
  const faulty = createMessageParser(options, {
    head() {
      throw new Error('a fault')
    },
    data() {},
    end() {},
  })
  expect(() => faulty.read(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toThrow('a fault')
  faulty.close()
  expect(read('GET / HTTP/1.1\r\n\r\n').messages).toHaveLength(1)
})

test.each([
  ['requests', 'GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\nGET /'],
  ['responses', 'HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 200 OK\r\n'],
] as const)('who reads on behind an upgrade reads no HTTP: %s', (side, text) => {
  let isUpgrade = false
  const parser = createMessageParser(
    { side, maxHeadBytes: 1_000 },
    {
      head(head) {
        isUpgrade = head.isUpgrade
      },
      data() {},
      end() {},
    },
  )
  const bytes = Buffer.from(text)
  const taken = parser.read(bytes)
  expect(isUpgrade).toBe(true)
  expect(bytes.subarray(0, taken).toString()).toMatch(/\r\n\r\n$/)
  expect(() => parser.read(bytes.subarray(taken))).toThrow('not HTTP/1.1')
  parser.close()
})
