import { expect, test } from 'vitest'
import { computer } from '../../world/world.ts'
import { examine } from './examine.ts'

/** The plugin's processes have no D-Bus here, so on Linux there is no keychain. */
const isWithoutKeychain = process.platform === 'linux'

test.each(['disk', 'none'])(
  'with --token-cache-storage=%s no keychain is asked',
  async (storage) => {
    const { of } = await examine(await computer(), [`--token-cache-storage=${storage}`])
    expect(of('keychain')).toMatchObject({ verdict: 'skipped' })
  },
)

test.runIf(isWithoutKeychain)('a keychain that is not there has failed', async () => {
  const { of, exitCode } = await examine(await computer(), ['--token-cache-storage=keyring'])
  expect(of('keychain')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('The keychain (Secret Service) cannot be used'),
    remedy: expect.stringContaining('--token-cache-storage=disk'),
  })
  expect(exitCode).toBe(1)
})

test.runIf(isWithoutKeychain)('where the keychain is a choice, it is a warning', async () => {
  const { of } = await examine(await computer(), ['--token-cache-storage=auto'])
  expect(of('keychain')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('New sessions are kept in plain files'),
  })
})
