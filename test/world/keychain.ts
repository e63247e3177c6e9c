import { OidcLoginError } from '../../src/errors.ts'
import type { Keychain } from '../../src/system/index.ts'

/** A keychain in the hands of a test. */
export interface TestKeychain {
  readonly keychain: Keychain
  /** What it holds: secrets by service and account. */
  readonly secrets: Map<string, string>
  /** How often it was asked for anything. */
  calls(): number
  /** Makes every call fail until it is called without a code. */
  fail(code?: 'keychain_unavailable' | 'keychain_locked' | 'keychain_package_missing'): void
}

/** Makes an empty keychain that opens. */
export function testKeychain(): TestKeychain {
  const secrets = new Map<string, string>()
  let failure: Parameters<TestKeychain['fail']>[0]
  let calls = 0
  const enter = (): void => {
    calls += 1
    if (failure) throw new OidcLoginError(failure, `The test keychain says ${failure}.`)
  }
  return {
    keychain: {
      name: 'test keychain',
      async read({ service, account }) {
        enter()
        return secrets.get(`${service} ${account}`)
      },
      async write({ service, account }, secret) {
        enter()
        secrets.set(`${service} ${account}`, secret)
      },
      async remove({ service, account }) {
        enter()
        return secrets.delete(`${service} ${account}`)
      },
    },
    secrets,
    calls: () => calls,
    fail(code) {
      failure = code
    },
  }
}
