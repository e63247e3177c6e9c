import { expect, test } from 'vitest'
import { decodeProtobuf } from './protobuf.ts'
import { StatusError } from './status.ts'

/** A length-delimited field, which also is how text and messages are written. */
function field(number: number, ...content: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}

function object(kind: string, ...content: readonly Buffer[]): Buffer {
  const typeMeta = field(1, field(1, 'v1'), field(2, kind))
  return Buffer.concat([
    Buffer.from('k8s\0'),
    typeMeta,
    field(2, ...content),
    field(3, ''),
    field(4, ''),
  ])
}

test('a ConfigMap in protobuf reads as its JSON would', () => {
  const metadata = field(
    1,
    field(1, 'one'),
    field(3, ''),
    field(8),
    field(11, field(1, 'a'), field(2, 'b')),
  )
  const bytes = object(
    'ConfigMap',
    metadata,
    field(2, field(1, 'k'), field(2, 'v')),
    field(2, field(1, 'empty')),
    field(3, field(1, 'raw'), field(2, Buffer.from([0, 255]))),
    Buffer.from([(4 << 3) | 0, 1]),
  )
  expect(decodeProtobuf(bytes)).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'one', labels: { a: 'b' } },
    data: { k: 'v', empty: '' },
    binaryData: { raw: 'AP8=' },
    immutable: true,
  })
})

test('repeated texts and numbers of options are read', () => {
  const bytes = object('DeleteOptions', Buffer.from([1 << 3, 0xac, 0x02]), field(5, 'All'))
  expect(decodeProtobuf(bytes)).toMatchObject({ gracePeriodSeconds: 300, dryRun: ['All'] })
})

test.each([
  ['a kind', object('Secret')],
  ['a field', object('ConfigMap', field(15, 'x'))],
])('%s that is not known is refused, never dropped', (_, bytes) => {
  expect(() => decodeProtobuf(bytes)).toThrow(StatusError)
})

test.each([
  ['other magic bytes', Buffer.from('json')],
  [
    'a field that is cut off',
    Buffer.concat([Buffer.from('k8s\0'), Buffer.from([(1 << 3) | 2, 9])]),
  ],
  ['a number without an end', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(12, 0xff)])],
])('%s are no protobuf', (_, bytes) => {
  expect(() => decodeProtobuf(bytes)).toThrow(RangeError)
})
