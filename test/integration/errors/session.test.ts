import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { sessionFiles } from '../../world/sessions.ts'
import { computer, stopped } from '../../world/world.ts'
import { expectFailure } from './expect-failure.ts'

async function world() {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  return { john, options: [...john.options(provider.issuer), '-v1'] }
}

/** The built program in a folder of its own, with the keychain package that a test puts there. */
function programWith(keychainPackage?: string): string {
  const folder = temporaryFolder()
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(part, join(folder, part), { recursive: true })
  }
  if (keychainPackage !== undefined) {
    const place = join(folder, 'node_modules', '@napi-rs', 'keyring')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'index.js'), keychainPackage)
  }
  return join(folder, 'bin', 'kubectl-oidc_login.js')
}

const keyring = '--token-cache-storage=keyring'

test('`session_unreadable`: a folder lies in the place of the file', async () => {
  const { john, options } = await world()
  expect((await john.run(['get-token', ...options])).exitCode).toBe(0)
  const file = join(john.sessions, sessionFiles(john.sessions)[0] ?? '')
  rmSync(file)
  mkdirSync(file)
  expectFailure(await john.run(['get-token', ...options]), {
    code: 'session_unreadable',
    says: /The session at \S+\.json cannot be read \(EISDIR\)\./,
    hint: /Check its owner and permissions, or delete it and sign in again\./,
  })
})

test('`session_unwritable`: the folder cannot be made', async () => {
  const { john, options } = await world()
  const nowhere = join(john.home, 'link')
  symlinkSync(join(john.home, 'no', 'such', 'folder'), nowhere, 'junction')
  expectFailure(await john.run(['login', ...options, `--token-cache-dir=${nowhere}`]), {
    code: 'session_unwritable',
    says: /The session cannot be kept in \S+link \(\w+\)\./,
    hint: /Make the folder writable, choose another with --token-cache-dir, or give --token-cache-storage=none\./,
  })
})

test('`keychain_package_missing`: the optional package was not installed', async () => {
  const { john, options } = await world()
  const result = await john.run(['get-token', ...options, keyring], { program: programWith() })
  expectFailure(result, {
    code: 'keychain_package_missing',
    says: /The optional package @napi-rs\/keyring, which speaks to the keychain, cannot be loaded\./,
    hint: /Install it where the plugin is, for example with "npm install --global @napi-rs\/keyring", or choose --token-cache-storage=disk\./,
  })
  expect(john.openedPages()).toBe(0)
})

// The processes of a test have no D-Bus.
test.runIf(process.platform === 'linux')(
  '`keychain_unavailable`: there is no Secret Service',
  async () => {
    const { john, options } = await world()
    expectFailure(await john.run(['get-token', ...options, keyring]), {
      code: 'keychain_unavailable',
      says: /The keychain \(Secret Service\) cannot be used.*\./,
      hint: /It needs a D-Bus session and a Secret Service in it, .* Or choose --token-cache-storage=disk\./,
    })
  },
)

// A real keychain that is locked: test/e2e/keyring.test.ts. Here the package says what it says then.
test('`keychain_locked`: the person dismissed its prompt', async () => {
  const { john, options } = await world()
  const program = programWith(`exports.AsyncEntry = class {
    async getPassword() {
      throw new Error("Couldn't access platform storage: the prompt was dismissed")
    }
  }`)
  expectFailure(await john.run(['get-token', ...options, keyring], { program }), {
    code: 'keychain_locked',
    says: /The .+ does not open: the prompt was dismissed\./,
    hint: /.+ Then run the command again, or choose --token-cache-storage=disk\./,
  })
})
