import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { startProvider } from '../world/provider.ts'
import { sessionFiles, storeSession } from '../world/sessions.ts'
import { computer, stopped, tokenOf } from '../world/world.ts'
import { gnomeKeyringPath, startKeyring } from './gnome-keyring.ts'

const keyring = '--token-cache-storage=keyring'
const password = 'throw-away'
const issuer = 'https://sso.example.com'
const stored = ['get-token', `--oidc-issuer-url=${issuer}`, '--oidc-client-id=kubernetes', keyring]

/** A user with a session of 20 kB in plain text. */
async function withLargeSession() {
  const john = await computer()
  const token = `header.${'x'.repeat(20_000)}.signature`
  await storeSession(john.sessions, { issuer, token, refreshToken: 'refresh-me-later' })
  return { john, token }
}

function textOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}

describe.skipIf(!gnomeKeyringPath)('the keychain, with a real gnome-keyring', () => {
  test('a plain session of 20 kB is encrypted at its first use, and then read back', async () => {
    const { env, countKeys } = await startKeyring(temporaryFolder(), password)
    const { john, token } = await withLargeSession()
    for (let use = 1; use <= 2; use += 1) {
      const { exitCode, stdout, stderr } = await john.run(stored, { env })
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(tokenOf(stdout) === token).toBe(true)
      const kept = textOf(john.sessions)
      expect(kept.includes('xxxxxxxx') || kept.includes('refresh-me-later')).toBe(false)
      expect(kept).toContain('"alg":"A256GCM"')
    }
    expect(countKeys()).toBe(1)
    expect(readdirSync(john.sessions)).toHaveLength(1)
  })

  test('six processes at their first use create one key and keep six sessions', async () => {
    const { env, countKeys } = await startKeyring(temporaryFolder(), password)
    const john = await computer()
    const provider = stopped(await startProvider({ authority: john.authority }))
    const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((hint) => [
      'get-token',
      ...john.options(provider.issuer, keyring),
      `--oidc-auth-request-extra-params=login_hint=${hint}`,
    ])
    const first = await Promise.all(calls.map(async (args) => await john.run(args, { env })))
    expect(first.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0])
    expect(countKeys()).toBe(1)
    expect(sessionFiles(john.sessions)).toHaveLength(6)
    const second = await Promise.all(calls.map(async (args) => await john.run(args, { env })))
    expect(second.map(({ exitCode, stderr }) => `${exitCode}${stderr}`)).toEqual(
      calls.map(() => '0'),
    )
    second.forEach(({ stdout }, index) => {
      expect(stdout === first[index]?.stdout).toBe(true)
    })
    expect(john.openedPages()).toBe(6)
  })

  test('logout finds an encrypted session without being told, and clean deletes the key', async () => {
    const { env, countKeys } = await startKeyring(temporaryFolder(), password)
    const john = await computer()
    const provider = stopped(
      await startProvider({ authority: john.authority, refreshTokens: 'always' }),
    )
    const getToken = ['get-token', ...john.options(provider.issuer, keyring)]
    expect((await john.run(getToken, { env })).exitCode).toBe(0)
    const logout = await john.run(['logout', '--local'], { env })
    expect(logout.stderr).toContain('Revoked the refresh token.')
    expect(sessionFiles(john.sessions)).toEqual([])
    expect(countKeys()).toBe(1)
    const clean = await john.run(['clean'], { env })
    expect(clean.stderr).toContain('Deleted their key from the keychain')
    expect(countKeys()).toBe(0)
  })

  test('a locked keyring is an error with a remedy; clean works without it', async () => {
    const folder = temporaryFolder()
    const unlocked = await startKeyring(folder, password)
    const { john } = await withLargeSession()
    expect((await john.run(stored, { env: unlocked.env })).exitCode).toBe(0)
    await unlocked.stop()

    const { env } = await startKeyring(folder)
    for (const storage of [keyring, '--token-cache-storage=auto']) {
      const { exitCode, stdout, stderr } = await john.run([...stored, storage], { env })
      expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' })
      expect(stderr).toMatch(/^error: The keychain \(Secret Service\) does not open: /)
      expect(stderr).toContain('Unlock the keyring')
    }
    expect(textOf(john.sessions)).toContain('"alg":"A256GCM"')
    const clean = await john.run(['clean'], { env })
    expect(clean.exitCode).toBe(0)
    expect(clean.stderr).toContain('Deleted 1 session')
    expect(clean.stderr).toContain('Their key is still in the keychain, of no use')
  })
})
