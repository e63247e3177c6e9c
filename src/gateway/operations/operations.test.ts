import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { jsonLog } from './gateway-log.ts'
import { operationsServer } from './operations-server.ts'
import { type ReadinessFacts, readiness } from './readiness.ts'
import { watchFiles } from './watch-files.ts'

const good: ReadinessFacts = {
  isListening: true,
  isDraining: false,
  issuers: [{ issuer: 'a', keysLoadedAt: 1, isFailing: false }],
  requireAllIssuers: false,
  hasReachedUpstream: true,
  isUpstreamAnswering: true,
  isCredentialRefused: false,
  mayImpersonate: true,
}

function missing(more: Partial<ReadinessFacts>): string[] {
  return readiness({ ...good, ...more }).flatMap(({ name, isGood }) => (isGood ? [] : [name]))
}

const unloaded = { issuer: 'b', keysLoadedAt: undefined, isFailing: true }

test('readiness needs listener, keys, API server and credential, and no drain', () => {
  expect(missing({})).toEqual([])
  expect(missing({ isListening: false })).toEqual(['listener'])
  expect(missing({ hasReachedUpstream: false })).toEqual(['upstream'])
  expect(missing({ isCredentialRefused: true })).toEqual(['credential'])
  expect(missing({ mayImpersonate: false })).toEqual(['impersonation'])
  expect(missing({ isDraining: true })).toEqual(['draining'])
  expect(missing({ issuers: [unloaded] })).toEqual(['issuers'])
  // The gateway itself can do its work: clients hear from it what the matter is.
  expect(missing({ isUpstreamAnswering: false })).toEqual([])
})

test('one provider suffices unless all are required; one that fails later changes nothing', () => {
  const issuers = [...good.issuers, unloaded]
  expect(missing({ issuers })).toEqual([])
  expect(missing({ issuers, requireAllIssuers: true })).toEqual(['issuers'])
  expect(missing({ issuers: [{ issuer: 'a', keysLoadedAt: 1, isFailing: true }] })).toEqual([])
})

async function serverOf(isReady: boolean): Promise<string> {
  const server = operationsServer({
    readiness: () => [{ name: 'listener', isGood: isReady }],
    metrics: async () => 'a_total 1',
  })
  const port = await server.listen('127.0.0.1', 0)
  onTestFinished(async () => await server.close())
  return `http://127.0.0.1:${port}`
}

test('probes and metrics are answered at their exact paths', async () => {
  const url = await serverOf(true)
  const statusOf = async (path: string, init?: RequestInit): Promise<number> =>
    (await fetch(`${url}${path}`, init)).status
  expect(await statusOf('/livez')).toBe(200)
  expect(await statusOf('/readyz')).toBe(200)
  expect(await (await fetch(`${url}/metrics`)).text()).toBe('a_total 1\n')
  for (const path of ['/', '/livez/', '/readyz?verbose', '/metrics/x', '/api']) {
    expect(await statusOf(path)).toBe(404)
  }
  expect(await statusOf('/livez', { method: 'POST' })).toBe(405)
})

test('readyz names what is missing', async () => {
  const answer = await fetch(`${await serverOf(false)}/readyz`)
  expect({ status: answer.status, body: await answer.text() }).toEqual({
    status: 503,
    body: '[-] listener\n',
  })
})

test('a log line is JSON with a time, a level and the facts', () => {
  const lines: string[] = []
  const log = jsonLog({ write: (line) => void lines.push(line) })
  log.warn('The file is "odd".\nReally.', { file: 'a' })
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-/),
    file: 'a',
    msg: 'The file is "odd".\nReally.',
  })
})

/** Resolves at the first change. */
function changeOf(
  paths: readonly string[],
  intervalMs: number,
): { changed: Promise<void>; count(): number } {
  let count = 0
  const changed = new Promise<void>((resolve) => {
    const stop = watchFiles(
      paths,
      () => {
        count += 1
        resolve()
      },
      { intervalMs, settleMs: 5 },
    )
    onTestFinished(stop)
  })
  return { changed, count: () => count }
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'watch-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('H12 a mounted Secret that is swapped by its link is noticed', async () => {
  const path = folder()
  for (const version of ['one', 'two']) {
    mkdirSync(join(path, version))
    writeFileSync(join(path, version, 'tls.crt'), version)
  }
  symlinkSync('one', join(path, '..data'))
  symlinkSync(join('..data', 'tls.crt'), join(path, 'tls.crt'))
  const { changed } = changeOf([join(path, 'tls.crt')], 3_600_000)
  symlinkSync('two', join(path, '..data_tmp'))
  renameSync(join(path, '..data_tmp'), join(path, '..data'))
  await changed
})

test('a change is noticed without the help of the file system, and a file may appear later', async () => {
  const path = join(folder(), 'not-yet', 'token')
  const { changed } = changeOf([path], 10)
  mkdirSync(join(path, '..'))
  writeFileSync(path, 'token')
  await changed
})

test('a file that is written anew with the same contents is no change', async () => {
  const path = join(folder(), 'a')
  const other = join(folder(), 'b')
  writeFileSync(path, 'same')
  const same = changeOf([path], 10)
  const different = changeOf([other], 10)
  writeFileSync(path, 'same')
  writeFileSync(other, 'new')
  await different.changed
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(same.count()).toBe(0)
})
