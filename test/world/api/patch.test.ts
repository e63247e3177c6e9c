import { expect, test } from 'vitest'
import { applyPatch } from './patch.ts'
import { StatusError } from './status.ts'

const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'

test('a merge patch changes what it names, removes what it nulls and keeps the rest', () => {
  const before = { metadata: { labels: { a: '1', b: '2' } }, data: { k: 'v' }, list: [1, 2] }
  const patch = { metadata: { labels: { a: null, c: '3' } }, list: [3] }
  expect(applyPatch(before, patch, merge)).toEqual({
    metadata: { labels: { b: '2', c: '3' } },
    data: { k: 'v' },
    list: [3],
  })
})

test('a merge patch never reaches the prototype', () => {
  const patched = applyPatch({}, JSON.parse('{"__proto__":{"polluted":true}}'), merge)
  expect(Object.getPrototypeOf(patched)).toBe(Object.prototype)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})

test('a strategic merge patch without lists of objects is a merge patch', () => {
  expect(applyPatch({ data: { a: '1' } }, { data: { b: '2' } }, strategic)).toEqual({
    data: { a: '1', b: '2' },
  })
})

test.each([
  { spec: { ports: [{ port: 80 }] } },
  { spec: { $patch: 'replace' } },
  { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
])('a strategic merge patch that means more is refused: %o', (patch) => {
  expect(() => applyPatch({}, patch, strategic)).toThrow(StatusError)
})
