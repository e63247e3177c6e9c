import { expect, test } from 'vitest'
import { batchFileArguments, isBatchFile } from './windows-script.ts'

test.each([
  ['C:\\bin\\browser.cmd', true],
  ['browser.BAT', true],
  ['firefox.exe', false],
  ['cmd', false],
])('%s is a batch file: %s', (program, expected) => {
  expect(isBatchFile(program)).toBe(expected)
})

test('a batch file gets the URL as one argument, whatever is in it', () => {
  const args = batchFileArguments({
    program: 'C:\\Program Files\\b.cmd',
    args: ['https://sso.example.com/?a=1&b=^x|"&calc.exe'],
  })
  expect(args.at(-1)).toBe(
    '""C:\\Program Files\\b.cmd" "https://sso.example.com/?a=1&b=^x|""&calc.exe""',
  )
})

test('no percent sign in the URL can name a variable', () => {
  const args = batchFileArguments({ program: 'b.cmd', args: ['https://x/%USERNAME%'] })
  expect(args.at(-1)).toBe('""b.cmd" "https://x/%%cd:~,%USERNAME%%cd:~,%""')
})

test('a line break is refused', () => {
  expect(() => batchFileArguments({ program: 'b.cmd', args: ['a\nb'] })).toThrow(/line break/)
})
