import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testKeychain } from '../../test/world/keychain.ts'
import { testSystem } from '../../test/world/system.ts'
import { type Session, sessionKey } from '../session/index.ts'
import { autoStore } from './auto-store.ts'

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
}
const key = sessionKey(session.identity)

function world() {
  const folder = join(temporaryFolder(), 'sessions')
  const keys = testKeychain()
  const { system, stderr } = testSystem({ keychain: keys.keychain })
  const open = () => autoStore(system, folder)
  const isPlain = () => readFileSync(join(folder, `${key.name}.json`), 'utf8').includes('an.id')
  return { keys, stderr, open, isPlain }
}

test('autoStore encrypts where the keychain works', async () => {
  const { open, stderr, isPlain } = world()
  await open().write(key, session)
  expect({ stderr: stderr(), isPlain: isPlain() }).toEqual({ stderr: '', isPlain: false })
  expect(await open().read(key)).toMatchObject({ kind: 'found' })
})

test('autoStore falls back to the disk with one notice, which is remembered', async () => {
  const { open, keys, stderr, isPlain } = world()
  keys.fail('keychain_unavailable')
  await open().write(key, session)
  await open().write(key, session)
  expect(isPlain()).toBe(true)
  expect(stderr().match(/not encrypted/g)).toHaveLength(1)
  expect(stderr()).toContain('keychain_unavailable')
  const calls = keys.calls()
  expect(await open().read(key)).toMatchObject({ kind: 'found', isMisplaced: false })
  expect(keys.calls()).toBe(calls)
})

test('autoStore encrypts again as soon as the keychain works', async () => {
  const { open, keys, isPlain } = world()
  keys.fail('keychain_locked')
  await open().write(key, session)
  keys.fail()
  await open().write(key, session)
  expect(isPlain()).toBe(false)
})

test('autoStore moves a plain session of a user who switches to it', async () => {
  const { open, keys } = world()
  keys.fail('keychain_unavailable')
  await open().write(key, session)
  keys.fail()
  await open().prepare()
  expect(await open().read(key)).toMatchObject({ kind: 'found', isMisplaced: true })
})

test('autoStore does not replace an encrypted session because its keychain is locked', async () => {
  const { open, keys, isPlain } = world()
  await open().write(key, session)
  keys.fail('keychain_locked')
  await expect(open().read(key)).rejects.toMatchObject({ code: 'keychain_locked' })
  expect(isPlain()).toBe(false)
})
