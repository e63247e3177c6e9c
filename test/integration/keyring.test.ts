import { expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { readSession, sessionFiles, storeSession } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

const keyring = '--token-cache-storage=keyring'

/** The plugin's processes have no D-Bus here, so on Linux there is no keychain. */
const isWithoutKeychain = process.platform === 'linux'

async function john() {
  const user = await computer()
  const provider = stopped(await startProvider({ authority: user.authority }))
  return { user, getToken: ['get-token', ...user.options(provider.issuer)] }
}

test.runIf(isWithoutKeychain)(
  'without a keychain, keyring is an error with a remedy before the browser opens',
  async () => {
    const { user, getToken } = await john()
    const { exitCode, stdout, stderr } = await user.run([...getToken, keyring])
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' })
    expect(stderr).toContain('error: The keychain (Secret Service) cannot be used')
    expect(stderr).toContain('gnome-keyring')
    expect(stderr).toContain('--token-cache-storage=disk')
    expect(user.openedPages()).toBe(0)
    expect(sessionFiles(user.sessions)).toEqual([])
  },
)

test.runIf(isWithoutKeychain)(
  'without a keychain, keyring does not use a session that lies there in plain text',
  async () => {
    const user = await computer()
    await storeSession(user.sessions, { issuer: 'https://sso.example.com' })
    const options = ['--oidc-issuer-url=https://sso.example.com', '--oidc-client-id=kubernetes']
    const { exitCode, stdout } = await user.run(['get-token', ...options, keyring])
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' })
  },
)

test.runIf(isWithoutKeychain)(
  'without a keychain, auto keeps the session on disk and says so once',
  async () => {
    const { user, getToken } = await john()
    const auto = [...getToken, '--token-cache-storage=auto']
    const first = await user.run(auto)
    expect(first.exitCode, first.stderr).toBe(0)
    expect(first.stderr).toContain('not encrypted')
    expect(readSession(user.sessions).username).toBe('john')
    expect(await user.run(auto)).toMatchObject({ exitCode: 0, stderr: '' })
    const again = await user.run([...auto, '--force-refresh'])
    expect(again.exitCode).toBe(0)
    expect(again.stderr).not.toContain('not encrypted')
    expect((await user.run(['clean'])).stderr).toMatch(/^Deleted 1 session from \S+\.\n$/)
  },
)
