import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testKeychain } from '../../test/world/keychain.ts'
import { testSystem } from '../../test/world/system.ts'
import { diskStore, type Session, sessionKey } from '../session/index.ts'
import { keyringStore } from './keyring-store.ts'

const session: Session = {
  identity: {
    issuer: 'https://sso.example.com',
    clientId: 'kubernetes',
    scopes: ['openid'],
    tokenKind: 'id_token',
    extraParameters: {},
  },
  token: 'an.id.token',
  obtainedAt: 1,
  refreshAt: 2,
  expiresAt: 3,
  refreshToken: 'refresh-me',
}
const key = sessionKey(session.identity)
const other: Session = { ...session, identity: { ...session.identity, clientId: 'other' } }
const otherKey = sessionKey(other.identity)

function world() {
  const folder = join(temporaryFolder(), 'sessions')
  const keys = testKeychain()
  const { system, stderr, advance, interrupt } = testSystem({ keychain: keys.keychain })
  const pathOf = (one: { name: string }) => join(folder, `${one.name}.json`)
  // Each store is a process of its own: it remembers no key of the one before.
  const open = () => keyringStore(system, folder)
  return { folder, keys, system, stderr, advance, interrupt, pathOf, open }
}

test('keyringStore reads what it has written, and its files hold nothing in plain text', async () => {
  const { open, keys, pathOf } = world()
  await open().write(key, session)
  expect(await open().read(key)).toEqual({
    kind: 'found',
    session: expect.objectContaining(session),
  })
  const text = readFileSync(pathOf(key), 'utf8')
  expect(text.includes('an.id.token') || text.includes('refresh-me')).toBe(false)
  expect(
    [...keys.secrets.values()].map((secret) => Buffer.from(secret, 'base64url').length),
  ).toEqual([32])
  expect(await open().list()).toHaveLength(1)
  await open().remove(key)
  expect(await open().read(key)).toEqual({ kind: 'absent' })
})

test('keyringStore documents where its key lies', async () => {
  const { open, keys, folder } = world()
  await open().write(key, session)
  expect([...keys.secrets.keys()]).toEqual([`kubectl-oidc-login sessions in ${folder}`])
  expect(open().describe()).toBe(`encrypted in ${folder}, with a key in the test keychain`)
})

test('keyringStore asks the keychain once for one session, and not at all for none', async () => {
  const { open, keys } = world()
  await open().read(key)
  await open().list()
  expect(keys.calls()).toBe(0)
  await open().write(key, session)
  const before = keys.calls()
  await open().read(key)
  expect(keys.calls()).toBe(before + 1)
})

test('keyringStore does not open two files that were swapped', async () => {
  const { open, pathOf } = world()
  await open().write(key, session)
  await open().write(otherKey, other)
  copyFileSync(pathOf(otherKey), pathOf(key))
  expect(await open().read(key)).toEqual({
    kind: 'damaged',
    reason: expect.stringContaining('belongs to another session'),
  })
  expect((await open().list()).map(({ identity }) => identity.clientId)).toEqual(['other'])
})

test('keyringStore does not believe a file that names another session than it was made for', async () => {
  const { open, pathOf } = world()
  await open().write(otherKey, other)
  const text = readFileSync(pathOf(otherKey), 'utf8')
  writeFileSync(pathOf(key), JSON.stringify({ ...JSON.parse(text), session: key.canonical }))
  expect(await open().read(key)).toMatchObject({ kind: 'damaged' })
  expect(await open().list()).toHaveLength(1)
})

test('keyringStore takes a file for damaged whose key is gone or another', async () => {
  const { open, keys } = world()
  await open().write(key, session)
  keys.secrets.clear()
  expect(await open().read(key)).toMatchObject({ reason: expect.stringContaining('its key') })
  expect(await open().list()).toEqual([])
  await open().prepare()
  expect(await open().read(key)).toMatchObject({ reason: expect.stringContaining('another key') })
})

test('keyringStore reads a plain session as misplaced, and replaces it', async () => {
  const { open, system, folder, pathOf } = world()
  await diskStore(system, folder).write(key, session)
  expect(await open().read(key)).toMatchObject({ kind: 'found', isMisplaced: true })
  expect(await open().list()).toHaveLength(1)
  await open().write(key, session)
  expect(readdirSync(folder)).toEqual([`${key.name}.json`])
  expect(readFileSync(pathOf(key), 'utf8')).not.toContain('an.id.token')
  expect(await diskStore(system, folder).read(key)).toMatchObject({
    kind: 'damaged',
    reason: expect.stringContaining('--token-cache-storage=keyring'),
  })
})

test.each(['keychain_unavailable', 'keychain_locked', 'keychain_package_missing'] as const)(
  'keyringStore writes nothing when the keychain says %s',
  async (code) => {
    const { open, keys, system, folder } = world()
    keys.fail(code)
    await expect(open().prepare()).rejects.toMatchObject({ code })
    await expect(open().write(key, session)).rejects.toMatchObject({ code })
    expect(system.files.list(folder)).toEqual([])
  },
)

test('keyringStore refuses a keychain that forgets, and an entry that is no key', async () => {
  const { open, keys, system, folder } = world()
  const forgetful = { ...keys.keychain, write: async () => undefined }
  await expect(
    keyringStore({ ...system, keychain: forgetful }, folder).prepare(),
  ).rejects.toMatchObject({ code: 'keychain_unavailable' })
  await open().prepare()
  for (const name of keys.secrets.keys()) keys.secrets.set(name, 'short')
  await expect(open().prepare()).rejects.toMatchObject({
    code: 'keychain_unavailable',
    hint: expect.stringContaining('clean'),
  })
})

test('keyringStore creates one key for many that need it at once', async () => {
  const { open, keys, system, folder } = world()
  let created = 0
  const slow = {
    ...keys.keychain,
    async write(...given: Parameters<typeof keys.keychain.write>) {
      created += 1
      await keys.keychain.write(...given)
    },
  }
  const real = testSystem({ keychain: slow, realTime: true }).system
  await Promise.all([1, 2, 3, 4, 5, 6].map(async () => await keyringStore(real, folder).prepare()))
  expect(created).toBe(1)
  expect(system.keychain).toBe(keys.keychain)
  await open().prepare()
})

test('keyringStore tells that it waits for a person, then gives up, or ends when interrupted', async () => {
  const { keys, system, folder, stderr, advance, interrupt } = world()
  const silent = { ...keys.keychain, read: () => new Promise<string>(() => undefined) }
  const store = keyringStore({ ...system, keychain: silent }, folder)
  const waiting = expect(store.prepare()).rejects.toMatchObject({ code: 'keychain_locked' })
  advance(2_000)
  await new Promise((done) => setImmediate(done))
  expect(stderr()).toContain('Waiting for the test keychain')
  advance(120_000)
  await waiting
  const interrupted = expect(store.prepare()).rejects.toThrow('Ctrl-C')
  interrupt(new Error('Ctrl-C'))
  await interrupted
})
