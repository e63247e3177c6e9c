import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { sessionFiles } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

/** John has signed in; his session file can be spoiled. */
async function signedIn() {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const getToken = ['get-token', ...john.options(provider.issuer)]
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  const file = join(john.sessions, sessionFiles(john.sessions)[0] ?? '')
  return { john, provider, getToken, file }
}

test.each([
  ['empty', '', /it is empty/],
  ['truncated', '{"version":1,"tok', /it is not complete JSON/],
  ['of a newer version', '{"version":99}', /newer version \(format 99\)/],
])('a session file that is %s is replaced, with a note', async (_, text, says) => {
  const { john, getToken, file } = await signedIn()
  writeFileSync(file, text)
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(says)
  expect(john.openedPages()).toBe(2)
  const again = await john.run(getToken)
  expect([again.exitCode, again.stderr]).toEqual([0, ''])
})

test('a folder in the place of a session file is an error that names it', async () => {
  const { john, provider, getToken, file } = await signedIn()
  rmSync(file)
  mkdirSync(file)
  const requests = provider.requests.length
  const { exitCode, stdout, stderr } = await john.run(getToken)
  expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' })
  expect(stderr).toContain(file)
  expect(provider.requests).toHaveLength(requests)
})

test('a folder of sessions that is a file is an error', async () => {
  const { john, getToken } = await signedIn()
  const place = join(john.home, 'a-file')
  writeFileSync(place, '')
  const { exitCode, stderr } = await john.run([...getToken, `--token-cache-dir=${place}`])
  expect(exitCode).toBe(7)
  expect(stderr).toContain(place)
})

test('a note of a failed sign-in that cannot be read holds nobody up', async () => {
  const { john, getToken, file } = await signedIn()
  rmSync(file)
  mkdirSync(file.replace(/\.json$/, '.failed'))
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect((await john.run(getToken)).stderr).toBe('')
})

test('clean leaves a folder that is a link, and is content when the sessions are gone', async () => {
  const { john, getToken } = await signedIn()
  const place = join(john.home, 'elsewhere')
  renameSync(john.sessions, place)
  symlinkSync(place, john.sessions, 'junction')
  expect((await john.run(getToken)).stderr).toBe('')
  const { exitCode, stderr } = await john.run(['clean'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: `Deleted 1 session from ${john.sessions}.\n`,
  })
  expect(existsSync(place) ? readdirSync(place) : []).toEqual([])
})

test('logout names the file that it cannot delete, and what to do about it', async () => {
  const { john, file } = await signedIn()
  // A test may be root, whom no permission stops.
  const program = join(john.home, 'hinder.mjs')
  writeFileSync(
    program,
    `import fs from 'node:fs'
     import { syncBuiltinESMExports } from 'node:module'
     const unlink = fs.unlinkSync
     fs.unlinkSync = (path) => {
       if (String(path).endsWith('.json')) throw Object.assign(new Error('no'), { code: 'EACCES' })
       return unlink(path)
     }
     syncBuiltinESMExports()`,
  )
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(program)}` }
  const { exitCode, stderr } = await john.run(['logout', '--local'], { env })
  expect(exitCode).toBe(7)
  expect(stderr).toContain(`error: The session ${file} cannot be deleted (EACCES).\n`)
  expect(stderr).toMatch(/\nDelete it yourself.*\n$/)
})

test('an issuer with plain http on another name is refused, and accepted when told so', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({}))
  // An address of this computer that does not look like one: RFC 4291 §2.5.5.2.
  const issuer = `http://[::ffff:127.0.0.1]:${provider.port}`
  provider.hooks.discovery = (document) => ({ ...document, issuer })
  provider.hooks.idTokenClaims = (claims) => ({ ...claims, iss: issuer })
  provider.hooks.authorize = (redirect) => ({ ...redirect, iss: issuer })
  const refused = await john.run(['get-token', ...john.options(issuer)])
  expect(refused.exitCode).toBe(2)
  expect(refused.stderr).toContain('--insecure-allow-http')
  expect(provider.requests).toEqual([])
  const accepted = await john.run(['get-token', ...john.options(issuer), '--insecure-allow-http'])
  expect(accepted.exitCode, accepted.stderr).toBe(0)
})
