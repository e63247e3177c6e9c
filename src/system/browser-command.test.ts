import { expect, test } from 'vitest'
import { browserCommandLine, environmentBrowsers } from './browser-command.ts'

const url = 'https://sso.example.com/auth?a=1&b=%20'
const linux = { platform: 'linux', isFile: () => false } as const
const windows = { platform: 'win32', isFile: () => false } as const

test.each([
  ['firefox', ['firefox', url]],
  ['firefox --private-window {url}', ['firefox', '--private-window', url]],
  ['chrome --profile-directory="Profile 1"', ['chrome', '--profile-directory=Profile 1', url]],
  ["open -a 'Google Chrome' {url} --args x", ['open', '-a', 'Google Chrome', url, '--args', 'x']],
  ['app --app={url}', ['app', `--app=${url}`]],
  ['/opt/my\\ browser/run', ['/opt/my browser/run', url]],
  ['sh -c "echo \\"$1\\" \\n" {url}', ['sh', '-c', 'echo "$1" \\n', url]],
  ["  spaced   '' {url}  ", ['spaced', '', url]],
])('the command %s is split as a shell splits it', (template, expected) => {
  const { program, args } = browserCommandLine(template, url, linux)
  expect([program, ...args]).toEqual(expected)
})

test('what stands in the URL is never split or expanded', () => {
  const evil = `https://sso.example.com/"; rm -rf '$HOME' {url} \\`
  expect(browserCommandLine('firefox {url}', evil, linux).args).toEqual([evil])
})

test('the path of a file is one word, spaces, quotes and all', () => {
  const path = "/home/john/John's browsers/fire fox"
  const surroundings = { platform: 'linux', isFile: (name: string) => name === path } as const
  expect(browserCommandLine(path, url, surroundings)).toEqual({ program: path, args: [url] })
})

test('on Windows a backslash is part of a path', () => {
  const { program, args } = browserCommandLine(
    '"C:\\Program Files\\Firefox\\firefox.exe" -P work {url}',
    url,
    windows,
  )
  expect([program, ...args]).toEqual(['C:\\Program Files\\Firefox\\firefox.exe', '-P', 'work', url])
})

test.each(['firefox "--profile', "firefox 'x", '', ' '])(
  'the command <%s> is refused in words',
  (template) => {
    expect(() => browserCommandLine(template, url, linux)).toThrow(/not closed|no program/)
  },
)

test('$BROWSER names several programs, each with a place for the URL or without', () => {
  const commands = environmentBrowsers('code --open-url %s:lynx::w3m -o 100%% %s', url, linux)
  expect(commands.map(({ program, args }) => [program, ...args])).toEqual([
    ['code', '--open-url', url],
    ['lynx', url],
    ['w3m', '-o', '100%', url],
  ])
})

test('$BROWSER is separated by semicolons on Windows, where a colon follows the drive', () => {
  const commands = environmentBrowsers('C:\\bin\\one.exe;two', url, windows)
  expect(commands.map(({ program }) => program)).toEqual(['C:\\bin\\one.exe', 'two'])
})
