import { describe, expect, test } from 'vitest'
import { keychainError } from './node-keychain.ts'

describe('keychainError() tells a keychain that does not open from one that is not there', () => {
  const cases = [
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", 'locked'],
    ["Couldn't access platform storage: Secret Service: no result found", 'locked'],
    ['Platform failure: User canceled the operation.', 'locked'],
    ['Platform failure: User interaction is not allowed.', 'locked'],
    ['Platform failure: DBus error: Failed to connect to socket /x', 'unavailable'],
    [
      'Platform failure: DBus error: The name org.freedesktop.secrets was not provided',
      'unavailable',
    ],
  ]
  test.each(cases)('%s', (message, kind) => {
    const error = keychainError(new Error(message), 'linux')
    expect(error.code).toBe(`keychain_${kind}`)
    expect(error.hint).toContain('--token-cache-storage=disk')
    expect(error.exitCode).toBe(7)
  })
})

test('keychainError() quotes no sentence that it does not know', () => {
  const error = keychainError(new Error('Value "s3cret" is too long'), 'win32')
  expect(error.message).toBe('The Windows Credential Manager cannot be used.')
})

test('keychainError() names the remedy of each platform', () => {
  const hint = (platform: NodeJS.Platform, message: string) =>
    keychainError(new Error(message), platform).hint
  expect(hint('darwin', 'locked')).toContain('security unlock-keychain')
  expect(hint('win32', 'locked')).toContain('Sign in to Windows')
  expect(hint('linux', 'locked')).toContain('gnome-keyring-daemon --unlock')
  expect(hint('linux', '')).toContain('D-Bus')
})
