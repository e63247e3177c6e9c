import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sessionFiles, storeSession } from '../world/sessions.ts'
import { computer } from '../world/world.ts'
import { examine } from './doctor/examine.ts'

const name = (slug: string) => `${slug}-${'0'.repeat(32)}.json`

/** A computer with a session that cannot be reached by the network, a damaged one, and a folder. */
async function spoiled() {
  const john = await computer()
  await storeSession(john.sessions, { issuer: 'https://127.0.0.1:9', username: 'john' })
  const damaged = join(john.sessions, name('damaged'))
  const folder = join(john.sessions, name('folder'))
  writeFileSync(damaged, '{"version":1,"tok', { mode: 0o600 })
  mkdirSync(folder, { mode: 0o700 })
  return { john, damaged, folder }
}

test('whoami mentions the files that it cannot read, beside the sessions that it can', async () => {
  const { john, damaged, folder } = await spoiled()
  const { exitCode, stdout, stderr } = await john.run(['whoami'])
  expect(exitCode).toBe(0)
  expect(stdout).toContain('john')
  expect(stderr).toBe(
    `Not shown: The session file ${damaged} cannot be read: it is not complete JSON.\nNot shown: The session at ${folder} cannot be read (EISDIR).\n`,
  )
})

test('whoami does not claim that nobody is signed in when it cannot know', async () => {
  const john = await computer()
  mkdirSync(john.sessions, { recursive: true })
  writeFileSync(join(john.sessions, name('damaged')), '')
  const { stderr } = await john.run(['whoami'])
  expect(stderr).toContain('Not shown: ')
  expect(stderr).not.toContain('Nobody is signed in')
})

test('logout --all ends what it can, and fails because of the rest', async () => {
  const { john, damaged, folder } = await spoiled()
  const { exitCode, stderr } = await john.run(['logout', '--all', '--local'])
  expect(exitCode).toBe(7)
  expect(stderr).toContain('Deleted the session of john')
  expect(stderr).toContain(`error: Not ended: The session file ${damaged} cannot be read`)
  expect(stderr).toContain(folder)
  expect(stderr).toContain('stays valid at the provider')
  expect(sessionFiles(john.sessions)).toHaveLength(2)
})

test('logout of one session mentions the files that cannot be read', async () => {
  const { john, damaged } = await spoiled()
  const { exitCode, stderr } = await john.run(['logout', '--local'])
  expect(exitCode).toBe(0)
  expect(stderr).toContain('Deleted the session of john')
  expect(stderr).toContain(`Not ended: The session file ${damaged} cannot be read`)
})

test('the doctor mentions them', async () => {
  const { john, damaged, folder } = await spoiled()
  const { of } = await examine(john)
  expect(of('session-folder')).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(new RegExp(`${damaged}.*${folder}`)),
    remedy: expect.stringContaining('Delete'),
  })
})

test('clean deletes a damaged file', async () => {
  const { john, folder } = await spoiled()
  expect((await john.run(['clean'])).stderr).toMatch(
    /^Deleted 2 sessions from .*\n1 other file was/,
  )
  expect(readdirSync(john.sessions)).toEqual([folder.replace(`${john.sessions}/`, '')])
})
