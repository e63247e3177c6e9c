import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces } from '../testing/pieces.ts'
import { type Reading, type ReadingOptions, readMessages } from '../testing/read-messages.ts'
import { createMessageParser } from './message-parser.ts'

const options: ReadingOptions = { side: 'requests' }

const blocks = [
  'Host: a\r\nAuthorization: Bearer abc\r\n\r\n',
  'Host: a\r\nAuthorization: Bearer abd\r\n\r\n',
  'Host: a\r\n\r\n',
  '\r\n',
  'A: \r\nA:b \t\r\n\r\n',
  'Host: a\r\nContent-Length: 0\r\n\r\n',
  'Host: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'Host: a\r\nConnection: close\r\n\r\n',
  'Host: a\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n',
  'Host: a\r\n b: c\r\n\r\n',
  ' Host: a\r\n\r\n',
  'Host: a\n\n',
]

const startLine = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'HEAD', 'CONNECT', 'PRI', 'get', 'M-SEARCH'),
    fc.constantFrom('/', '/api/v1/pods?watch=1', '*', 'a:1', '/ä', ''),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.1 ', ''),
    fc.constantFrom('\r\n', '\n', '\r'),
  )
  .map(([method, target, version, end]) => `${method} ${target} ${version}${end}`)

/** Mostly the same good request again: only then is there anything to remember. */
const request = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('GET /api/v1/pods HTTP/1.1\r\n') },
      { weight: 1, arbitrary: startLine },
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(blocks[0] ?? '') },
      { weight: 1, arbitrary: fc.constantFrom(...blocks) },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom('\r\n', '\n', '\r', ' ') },
    ),
  )
  .map(([start, block, blank]) => `${blank}${start}${block}`)

/** Where a byte is changed, if anywhere. */
const fault = fc.option(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', ' ', ':', '\0', 'x')), {
  freq: 1,
})

/** What was read, but for whether it was remembered. */
function told({ messages, error, behind }: Reading): unknown {
  return {
    messages: messages.map(({ head: { repeatsLines: _, ...head }, body, trailers }) => {
      return { head, body, trailers }
    }),
    isGood: error === undefined,
    behind,
  }
}

test('lines that are remembered are told as if they were read', () => {
  let repeated = 0
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 3, maxLength: 12 }),
      fault,
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 3 }),
      (requests, wrong, areCutAnywhere, cuts) => {
        const texts = [...requests]
        if (wrong && texts.length > 0) {
          const [place, character] = wrong
          const index = place % texts.length
          const text = texts[index] ?? ''
          const at = place % (text.length + 1)
          texts[index] = text.slice(0, at) + character + text.slice(at + 1)
        }
        const bytes = Buffer.from(texts.join(''), 'latin1')
        const chunks = pieces(bytes, areCutAnywhere ? cuts : endsOf(texts))
        const reading = readMessages(chunks, options)
        const anew = readMessages(chunks, { ...options, isForgetful: true })
        expect(told(reading)).toEqual(told(anew))
        repeated += reading.messages.filter(({ head }) => head.repeatsLines).length
      },
    ),
    { numRuns: 3_000 },
  )
  expect(repeated).toBeGreaterThan(1_000)
})

function endsOf(texts: readonly string[]): number[] {
  let end = 0
  return texts.map((text) => {
    end += text.length
    return end
  })
}

function headsOf(texts: readonly string[]): Reading['messages'][number]['head'][] {
  const chunks = texts.map((text) => Buffer.from(text, 'latin1'))
  return readMessages(chunks, options).messages.map(({ head }) => head)
}

test('the lines of a third request are those of the second, and it may have another target', () => {
  const get = (target: string, more = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc\r\n${more}\r\n`
  const heads = headsOf([get('/1'), get('/2'), get('/3'), get('/4', 'A: b\r\n'), get('/5')])
  expect(heads.map(({ target, repeatsLines }) => [target, repeatsLines])).toEqual([
    ['/1', false],
    ['/2', false],
    ['/3', true],
    ['/4', false],
    ['/5', false],
  ])
  expect(heads[2]?.headers).toBe(heads[1]?.headers)
  expect(heads[3]?.headers).toHaveLength(3)
})

test('half a line more or less is another line', () => {
  const good = 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n'
  const all = [good, good, good.replace('X: 1\r', 'X: 11\r'), good.replace('X: 1\r\n', '')]
  const heads = headsOf(all)
  expect(heads.map(({ headers }) => headers.slice(1))).toEqual([
    [['X', '1']],
    [['X', '1']],
    [['X', '11']],
    [],
  ])
  expect(heads.some(({ repeatsLines }) => repeatsLines)).toBe(false)
})

test.each([
  'Connection: keep-alive',
  'connection: x',
  'Proxy-Connection: keep-alive',
  'Content-Length: 0',
  'Upgrade: h2c',
])('a line that says how the connection goes on is read each time: %s', (line) => {
  const request = `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`
  const heads = headsOf([request, request, request])
  expect(heads.map(({ repeatsLines }) => repeatsLines)).toEqual([false, false, false])
})

test('lines that no request has had are forgotten, however busy the connection is with others', () => {
  const heads: Reading['messages'][number]['head'][] = []
  const parser = createMessageParser(
    { side: 'requests', maxHeadBytes: 1_000 },
    { head: (head) => void heads.push(head), data() {}, end() {} },
  )
  const read = (more = ''): boolean | undefined => {
    parser.read(Buffer.from(`GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\n${more}\r\n`))
    return heads.at(-1)?.repeatsLines
  }
  expect([read(), read(), read()]).toEqual([false, false, true])
  parser.forgetUnused()
  expect(read()).toBe(true)
  for (let times = 0; times < 2; times += 1) {
    parser.forgetUnused()
    expect(read('Content-Length: 0\r\n')).toBe(false)
  }
  expect([read(), read()]).toEqual([false, true])
  parser.close()
})

test.each([
  ['64 lines', 64, 1, true],
  ['65 lines', 65, 1, false],
  ['16 KiB', 1, 16 * 1024 - 7, true],
  ['more than 16 KiB', 1, 16 * 1024 - 6, false],
])('what a connection keeps is bounded: %s', (_, count, length, isKept) => {
  const request = `GET / HTTP/1.1\r\n${`A: ${'a'.repeat(length)}\r\n`.repeat(count)}\r\n`
  expect(headsOf([request, request, request])[2]?.repeatsLines).toBe(isKept)
})

test('a head is as long as it is, whether its lines are remembered or not', () => {
  const request = (target: string): string =>
    `GET /${target} HTTP/1.1\r\nHost: ${'a'.repeat(800)}\r\n\r\n`
  const limited = { ...options, maxHeadBytes: 1_000 }
  const read = (longest: number): Reading =>
    readMessages(
      ['', '', 'x', 'x'.repeat(longest)].map((target) => Buffer.from(request(target))),
      limited,
    )
  expect(read(100).messages.map(({ head }) => head.repeatsLines)).toEqual([
    false,
    false,
    true,
    true,
  ])
  const { messages, error } = read(200)
  expect(messages).toHaveLength(3)
  expect(error).toBe('HPE_HEADER_OVERFLOW')
})
