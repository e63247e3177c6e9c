import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { expireSession, sessionFiles, storeSession } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

test('clean waits for a refresh, so that its session does not come back', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const getToken = ['get-token', ...john.options(provider.issuer)]
  expect((await john.run(getToken)).exitCode).toBe(0)
  expireSession(john.sessions)
  let answer: (() => void) | undefined
  const isAsked = new Promise<void>((asked) => {
    provider.hooks.token = async (_, response) => {
      asked()
      await new Promise<void>((done) => {
        answer = done
      })
      return response
    }
  })
  const refresh = john.start(getToken)
  await isAsked
  const clean = john.start(['clean'])
  await clean.said(/Waiting for process/)
  expect(sessionFiles(john.sessions)).toHaveLength(1)
  answer?.()
  expect((await refresh.ended).exitCode).toBe(0)
  const { exitCode, stderr } = await clean.ended
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('Deleted 1 session')
  expect(existsSync(john.sessions)).toBe(false)
})

test('clean deletes what it can beside a sign-in that goes on, and says that it goes on', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const signIn = john.start(['get-token', ...john.options(provider.issuer), '--skip-open-browser'])
  await signIn.said(/visit this URL/)
  const lock = readdirSync(john.sessions)
  await storeSession(john.sessions, { issuer: 'https://other.example.com' })
  const { exitCode, stderr } = await john.run(['clean'])
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/^Deleted 1 session from/m)
  expect(stderr).toContain(`Process ${signIn.child.pid} has been signing in`)
  expect(stderr).toContain('It may store a session when it is done.')
  expect(readdirSync(john.sessions)).toEqual(lock)
})

test('clean takes over what killed processes have left', async () => {
  const john = await computer()
  const path = await storeSession(john.sessions, { issuer: 'https://sso.example.com' })
  const stem = path.replace(/\.json$/, '')
  for (const litter of [`.lock.${'0'.repeat(32)}.takeover`, '.failed', '.json.1.tmp']) {
    writeFileSync(stem + litter, '')
  }
  writeFileSync(join(john.sessions, 'keychain.failed'), 'keychain_unavailable\n')
  const { exitCode, stderr } = await john.run(['clean'])
  expect(exitCode, stderr).toBe(0)
  expect(existsSync(john.sessions)).toBe(false)
})
