import { expect, test } from 'vitest'
import { paint, wantsColour } from './colour.ts'

test.each<[Readonly<Record<string, string>>, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ CLICOLOR: '0' }, true, false],
  [{ CLICOLOR: '1' }, false, false],
  [{ CLICOLOR_FORCE: '1' }, false, true],
  [{ CLICOLOR_FORCE: '0' }, false, false],
  [{ CLICOLOR_FORCE: '1', CLICOLOR: '0' }, false, true],
  [{ CLICOLOR_FORCE: '1', NO_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %j, on a terminal: %s, text is coloured: %s', (env, isTerminal, expected) => {
  expect(wantsColour(env, isTerminal)).toBe(expected)
})

test('a look ends where its text ends', () => {
  expect(paint('FAILED', 'red')).toBe('\u001b[31mFAILED\u001b[39m')
})
