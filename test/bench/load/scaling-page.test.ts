import { expect, test } from 'vitest'
import { withTexts } from './scaling-page.ts'

const empty = `<!-- a: written by x -->
<!-- end -->
between
<!-- b: written by x -->

old

<!-- end -->
`

test('texts go to their places, again and again', () => {
  const once = withTexts(empty, { a: 'A', b: '$1' })
  expect(once).toBe(`<!-- a: written by x -->

A

<!-- end -->
between
<!-- b: written by x -->

$1

<!-- end -->
`)
  expect(withTexts(once, { a: 'A', b: '$1' })).toBe(once)
})

test('a place that is missing is told', () => {
  expect(() => withTexts(empty, { c: 'C' })).toThrow('no place for "c"')
})
