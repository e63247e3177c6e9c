import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkEnd, chunkStart, lastChunk } from './chunked.ts'
import { headText } from './head-text.ts'
import { joined } from './joined.ts'

test('a head goes out as it was given', () => {
  expect(
    headText('GET / HTTP/1.1', [
      ['A', 'b\tä '],
      ['B', ''],
    ]),
  ).toBe('GET / HTTP/1.1\r\nA: b\tä \r\nB: \r\n\r\n')
  expect(headText('HTTP/1.1 200 ', [])).toBe('HTTP/1.1 200 \r\n\r\n')
})

test.each([
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\x7f',
  '\x0b',
  '\r\nX: y',
  'a\n',
  '\ra',
  '\u010a',
  '\u010d',
  '\u2028',
  '\ud83d\ude00',
  '\u0100',
])('%j can stand in no line', (text) => {
  expect(() =>
    headText('GET / HTTP/1.1', [
      ['A', `a${text}b`],
      ['C', 'd'],
    ]),
  ).toThrow('malformed')
  expect(() => headText('GET / HTTP/1.1', [[`A${text}`, 'b']])).toThrow('malformed')
  expect(() => headText(`GET /${text} HTTP/1.1`, [])).toThrow('malformed')
  expect(() => lastChunk([['A', text]])).toThrow('malformed')
})

test('whatever a head is made of, it has as many lines as were given, or is none', () => {
  const wicked = fc.string({
    unit: fc.constantFrom('\r', '\n', '\0', 'a', ':', ' ', '\u010a', '\u00ff'),
  })
  fc.assert(
    fc.property(wicked, fc.array(fc.tuple(wicked, wicked), { maxLength: 4 }), (start, lines) => {
      let bytes: Buffer
      try {
        bytes = Buffer.from(headText(start, lines), 'latin1')
      } catch {
        return
      }
      const text = bytes.toString('latin1')
      expect(text.split(/[\r\n]+/).filter((line) => line !== '')).toHaveLength(
        lines.length + (start === '' ? 0 : 1),
      )
      expect(text.endsWith('\r\n\r\n')).toBe(true)
    }),
  )
})

test('chunks are framed by their length in bytes', () => {
  const body = Buffer.alloc(0x1ab, 'ä')
  const framed = joined([chunkStart(body.length), body, chunkEnd, lastChunk([['X', 'y']])])
  expect(framed.toString('latin1')).toBe(`1ab\r\n${body.toString('latin1')}\r\n0\r\nX: y\r\n\r\n`)
})
