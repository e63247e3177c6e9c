import { expect, test } from 'vitest'
import { isMeant, testTitles } from './test-titles.ts'

const source = `
import { has } from './has.ts'
describe('a room', () => {
  it("isn't empty", () => {})
  test.each([['one', 1]])('%s is %i', () => {})
  test.runIf(has('bash', '--version'))(
    'bash\\'s turn',
    () => {},
  )
  test.each<[string, number]>([
    ['two', 2],
  ])(\`counts \${name}\`, () => {})
  describe.runIf(has('bash'))('on Linux', () => {})
  expect(read('no title')).toBe('no title either')
})
`

test('titles are found in every form of a test, and nothing else is one', () => {
  expect(testTitles(source)).toEqual([
    { kind: 'room', text: 'a room' },
    { kind: 'test', text: "isn't empty" },
    { kind: 'test', text: '%s is %i' },
    { kind: 'test', text: "bash's turn" },
    { kind: 'test', text: `counts \${name}` },
    { kind: 'room', text: 'on Linux' },
  ])
})

test.each([
  ['a title', 'a title', true],
  ['a title', 'a titl', false],
  ['a title', 'a…', true],
  ['a title', 'b…', false],
  ['%s is %i', 'one is 1', true],
  ['%j is %i', '"one" is 1', true],
  ['%s is %i', '%s is %i', true],
  ['%s is %i', 'three is 1', false],
  [`counts \${name}!`, 'counts two!', true],
  ['counts $name', 'counts three', false],
  ['%s', 'anything', false],
  ['a (b) %s', 'a (b) one', true],
])('the title %s is meant by %s: %s', (title, reference, expected) => {
  expect(isMeant(title, reference, source)).toBe(expected)
})
