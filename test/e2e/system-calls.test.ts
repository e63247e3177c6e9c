import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { executableOf } from '../../tools/binaries/compile.ts'
import { ownTarget } from '../../tools/binaries/targets.ts'
import { temporaryFolder } from '../world/folder.ts'

const target = process.platform === 'linux' ? ownTarget() : undefined
const nobody = 65_534
const ownUid = process.getuid?.() ?? 0

interface Outcome {
  readonly bySystemCalls: unknown
  readonly altogether: unknown
}

/** Reads files in the runtime of the executables, at most 1000 bytes of each. */
function readAll(
  paths: readonly string[],
  functions: 'there' | 'missing' | 'refused' = 'there',
): readonly Outcome[] {
  if (target === undefined) throw new Error('there is no executable for this computer')
  const bun = executableOf(target)
  const program = resolve('test/e2e/system-calls-program.ts')
  const { stdout, stderr, status } = spawnSync(bun, [program, functions, ...paths], {
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return JSON.parse(stdout)
}

function written(name: string, contents: string | Buffer): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, contents, { mode: 0o600 })
  return path
}

const texts = [
  ['a session', '{"version":1}'],
  ['nothing', ''],
  ['a mark at the beginning', '\u{feff}{"name":"Jürgen 🙂"}'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xc3, 0x28, 0x7d])],
  ['as much as may be', 'x'.repeat(1_000)],
] as const

test.runIf(target)('an executable reads by system calls what node:fs reads', () => {
  const paths = texts.map(([name, contents]) => written(name, contents))
  const link = join(temporaryFolder(), 'link')
  symlinkSync(paths[0] ?? '', link)
  const expected = [...texts, texts[0]].map(([, contents]) => {
    const read = { text: contents.toString('utf8'), ownerUid: ownUid }
    return { bySystemCalls: read, altogether: read }
  })
  expect(readAll([...paths, link])).toEqual(expected)
})

test.runIf(target).each(['missing', 'refused'] as const)(
  'an executable reads by node:fs where the functions of C are %s',
  (functions) => {
    const path = written('session', 'text')
    const altogether = { text: 'text', ownerUid: ownUid }
    expect(readAll([path], functions)).toEqual([{ bySystemCalls: 'nothing', altogether }])
  },
)

test.runIf(target && ownUid === 0)('an executable is told whose a file is that it reads', () => {
  const path = written('theirs', 'text')
  chownSync(path, nobody, nobody)
  const read = { text: 'text', ownerUid: nobody }
  expect(readAll([path])).toEqual([{ bySystemCalls: read, altogether: read }])
})

test.runIf(target)('an executable leaves it to node:fs to tell why it reads nothing', () => {
  const folder = join(temporaryFolder(), 'folder')
  mkdirSync(folder)
  const pipe = join(temporaryFolder(), 'pipe')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  const tooLarge = written('large', 'x'.repeat(1_001))
  const missing = join(folder, 'missing')
  const outcomes = readAll([folder, pipe, tooLarge, missing, '/proc/self/comm', '/dev/null'])
  expect(outcomes.map(({ bySystemCalls }) => bySystemCalls)).toEqual(Array(6).fill('nothing'))
  expect(outcomes.map(({ altogether }) => altogether)).toEqual([
    'EISDIR',
    'EISDIR',
    'too large',
    'nothing',
    { text: 'bun\n', ownerUid: ownUid },
    'EISDIR',
  ])
})
