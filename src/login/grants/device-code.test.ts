import { expect, test } from 'vitest'
import { testSystem } from '../../../test/world/system.ts'
import type { DeviceAuthorization } from '../../provider/index.ts'
import { followDevice } from './device-code.ts'
import type { GrantContext } from './grant.ts'

const authorization: DeviceAuthorization = {
  userCode: 'ABCD-EFGH',
  verificationUri: new URL('https://sso.example.com/device'),
  endsAt: 600_000,
  intervalMs: 5_000,
  deviceCode: 'the-device-code',
}

test('followDevice() waits as long as it may, whoever sets the clock meanwhile', async () => {
  const world = testSystem()
  const context = {
    system: world.system,
    settings: { skipOpenBrowser: true, authenticationTimeoutMs: 4_000 },
  } as unknown as GrantContext
  const followed = followDevice(context, authorization).catch((error: unknown) => error)
  world.setClock(-3_600_000)
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate)
  world.advance(4_000)
  expect(await followed).toMatchObject({
    code: 'sign_in_timed_out',
    message: 'Nobody signed in within 4 s.',
  })
})
