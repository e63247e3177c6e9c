import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../test/world/folder.ts'
import { testSystem } from '../../test/world/system.ts'
import { makeRuntimeFolder } from './runtime-folder.ts'

beforeEach(() => {
  vi.stubEnv('TMPDIR', temporaryFolder())
})

afterEach(() => {
  vi.unstubAllEnvs()
})

function world() {
  const runtime = temporaryFolder()
  const { system } = testSystem({ env: { XDG_RUNTIME_DIR: runtime } })
  return { system, folder: join(runtime, 'kubectl-oidc-login') }
}

test('the folder is made below $XDG_RUNTIME_DIR, for this user alone', () => {
  const { system, folder } = world()
  expect(makeRuntimeFolder(system)).toBe(folder)
  expect(makeRuntimeFolder(system)).toBe(folder)
  if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test.runIf(process.platform !== 'win32').each<[string, (folder: string) => void]>([
  ['others can enter', (folder) => chmodSync(folder, 0o755)],
  [
    'is a link',
    (folder) => {
      rmSync(folder, { recursive: true })
      const other = join(folder, '..', 'other')
      mkdirSync(other, { mode: 0o700 })
      symlinkSync(other, folder)
    },
  ],
  [
    'is a file',
    (folder) => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, '')
    },
  ],
])('a folder that %s is not used', (_, spoil) => {
  const { system, folder } = world()
  makeRuntimeFolder(system)
  spoil(folder)
  const other = makeRuntimeFolder(system)
  expect(other).not.toBe(folder)
  expect(other).toBe(join(tmpdir(), `kubectl-oidc-login-${process.getuid?.()}`))
})

test.runIf(process.platform !== 'win32')('a folder of another user is not used', () => {
  const { system } = world()
  const stranger = { ...system, process: { ...system.process, uid: 4_711 } }
  expect(makeRuntimeFolder(stranger)).toBeUndefined()
})
