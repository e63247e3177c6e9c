import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { testSystem } from '../../test/world/system.ts'
import { expandHome, sessionFolder } from './folder.ts'

const home = resolve('/home/john')

function world(env: Record<string, string> = {}, folder: string | undefined = home) {
  const { system } = testSystem({ env })
  return { ...system, process: { ...system.process, home: folder } }
}

test('sessionFolder() prefers the option, then KUBECACHEDIR, then the home folder', () => {
  const env = { KUBECACHEDIR: resolve('/cache') }
  expect(sessionFolder(world(env), '~/mine')).toBe(join(home, 'mine'))
  expect(sessionFolder(world(env), undefined)).toBe(resolve('/cache/oidc-login'))
  expect(sessionFolder(world(), undefined)).toBe(join(home, '.kube', 'cache', 'oidc-login'))
})

test('expandHome() replaces only a tilde that means this user', () => {
  expect(expandHome(world(), '~')).toBe(home)
  expect(expandHome(world(), '~bob/x')).toBe('~bob/x')
  expect(expandHome(world(), 'a/~/b')).toBe('a/~/b')
})

test('sessionFolder() says what to do when there is no home folder', () => {
  const homeless = { ...world(), process: { ...world().process, home: undefined } }
  expect(() => sessionFolder(homeless, undefined)).toThrow(
    expect.objectContaining({ code: 'usage_invalid', hint: expect.stringContaining('HOME') }),
  )
})
