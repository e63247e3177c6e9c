import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testSystem } from '../../test/world/system.ts'
import { diskStore } from './disk-store.ts'
import { sessionKey } from './key.ts'
import type { Session } from './session.ts'

const session: Session = {
  identity: {
    issuer: 'https://sso.example.com',
    clientId: 'kubernetes',
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: { prompt: 'login' },
  },
  token: 'an.id.token',
  obtainedAt: 1,
  refreshAt: 2,
  expiresAt: 3,
  refreshToken: 'refresh-me',
  subject: 's-1',
  username: 'john',
}
const key = sessionKey(session.identity)

function storeIn(folder: string, doors: Parameters<typeof testSystem>[0] = {}) {
  return diskStore(testSystem(doors).system, folder)
}

test('diskStore reads what it has written', async () => {
  const store = storeIn(join(temporaryFolder(), 'new', 'folder'))
  await store.write(key, session)
  const outcome = await store.read(key)
  expect(outcome).toEqual({ kind: 'found', session: expect.objectContaining(session) })
  expect(await store.list()).toHaveLength(1)
  await store.remove(key)
  expect(await store.read(key)).toEqual({ kind: 'absent' })
  await store.remove(key)
})

test.runIf(process.platform !== 'win32')('diskStore lets nobody else in', async () => {
  const folder = join(temporaryFolder(), 'sessions')
  await storeIn(folder).write(key, session)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, `${key.name}.json`)).mode & 0o777).toBe(0o600)
})

describe('a damaged session file is absence with a reason', () => {
  const whole = JSON.stringify({ version: 1, ...session })
  const damages: Record<string, string> = {
    empty: '',
    truncated: whole.slice(0, -20),
    'not an object': '[]',
    'of a newer version': whole.replace('"version":1', '"version":2'),
    'without a token': whole.replace('"token":"an.id.token",', ''),
    'with a date that is text': whole.replace('"expiresAt":3', '"expiresAt":"3"'),
    'of another session': whole.replace('"clientId":"kubernetes"', '"clientId":"other"'),
  }
  test.each(Object.entries(damages))('%s', async (_, text) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, `${key.name}.json`), text)
    const outcome = await storeIn(folder).read(key)
    expect(outcome).toEqual({ kind: 'damaged', reason: expect.stringMatching(/^it /) })
    expect(JSON.stringify(outcome)).not.toContain('an.id.token')
  })
})

test('diskStore names the newer version that wrote a file', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, `${key.name}.json`), '{"version":7}')
  expect(await storeIn(folder).read(key)).toMatchObject({ reason: /newer version \(format 7\)/ })
})

test('diskStore reports a folder in the place of a session file', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, `${key.name}.json`))
  await expect(storeIn(folder).read(key)).rejects.toMatchObject({ code: 'session_unreadable' })
  await expect(storeIn(folder).write(key, session)).rejects.toMatchObject({
    code: 'session_unwritable',
  })
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
})

test('diskStore refuses a session file that belongs to another user', async () => {
  const folder = temporaryFolder()
  await storeIn(folder).write(key, session)
  const real = testSystem().system.process
  const stranger = storeIn(folder, { process: { ...real, uid: (real.uid ?? 0) + 12_345 } })
  if (process.platform === 'win32') return
  await expect(stranger.read(key)).rejects.toMatchObject({ code: 'session_unreadable' })
})

test('diskStore keeps the old session whole when the disk is full', async () => {
  const folder = temporaryFolder()
  await storeIn(folder).write(key, session)
  const before = readFileSync(join(folder, `${key.name}.json`), 'utf8')
  const full = storeIn(folder, {
    files: { ...testSystem().system.files, writeAtomic: fail('ENOSPC') },
  })
  await expect(full.write(key, { ...session, token: 'new' })).rejects.toMatchObject({
    code: 'session_unwritable',
    message: expect.stringContaining('ENOSPC'),
  })
  expect(readFileSync(join(folder, `${key.name}.json`), 'utf8')).toBe(before)
})

function fail(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code })
  }
}

test.runIf(process.platform !== 'win32')(
  'diskStore leaves the mode of a folder that exists',
  async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o1777)
    await storeIn(folder).write(key, session)
    expect(statSync(folder).mode & 0o7777).toBe(0o1777)
  },
)

test.runIf(process.platform !== 'win32')(
  'diskStore does not wait for a pipe in the place of a file',
  async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [join(folder, `${key.name}.json`)])
    await expect(storeIn(folder).read(key)).rejects.toMatchObject({ code: 'session_unreadable' })
  },
)

test('diskStore lists the sessions beside one that cannot be read', async () => {
  const folder = temporaryFolder()
  await storeIn(folder).write(key, session)
  mkdirSync(join(folder, `x-${'0'.repeat(32)}.json`))
  mkdirSync(join(folder, 'a.json'))
  expect(await storeIn(folder).list()).toHaveLength(1)
})

test('a session that claims to last beyond the calendar is damaged', async () => {
  const folder = temporaryFolder()
  const text = JSON.stringify({ version: 1, ...session, refreshAt: 1e300 })
  writeFileSync(join(folder, `${key.name}.json`), text)
  expect(await storeIn(folder).read(key)).toMatchObject({ kind: 'damaged' })
})
