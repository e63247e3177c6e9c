import { OidcLoginError } from '../errors.ts'
import type { Keychain, KeychainEntry } from './keychain.ts'
import { keychainName } from './keychain-name.ts'

type Library = typeof import('@napi-rs/keyring')
type Entry = InstanceType<Library['AsyncEntry']>

/** The keychain of the operating system, through the optional package `@napi-rs/keyring`. */
export const nodeKeychain: Keychain = {
  name: keychainName(process.platform),
  async read(entry) {
    return await using(entry, async (item) => (await item.getPassword()) ?? undefined)
  },
  async write(entry, secret) {
    await using(entry, async (item) => await item.setPassword(secret))
  },
  async remove(entry) {
    return await using(entry, async (item) => await item.deletePassword())
  },
}

async function using<T>(entry: KeychainEntry, action: (item: Entry) => Promise<T>): Promise<T> {
  const { AsyncEntry } = await library()
  try {
    // Without the pin the library falls back silently to the kernel's keyring, which is memory only.
    const item = new AsyncEntry(entry.service, entry.account, {
      linux: { store: 'secret-service' },
    })
    return await action(item)
  } catch (error) {
    throw keychainError(error, process.platform)
  }
}

async function library(): Promise<Library> {
  try {
    return await import('@napi-rs/keyring')
  } catch (error) {
    throw new OidcLoginError(
      'keychain_package_missing',
      'The optional package @napi-rs/keyring, which speaks to the keychain, cannot be loaded.',
      {
        hint: 'Install it where the plugin is, for example with "npm install --global @napi-rs/keyring", or choose --token-cache-storage=disk.',
        cause: error,
      },
    )
  }
}

const refusal =
  /platform storage|dismissed|cancel|denied|locked|not allowed|not correct|no result found/i

/** The library's own sentences that are known to hold no secret. */
const quotable = /^(?:Platform failure|Couldn't access platform storage): (.{1,300})/s

/**
 * Translates an error of the library: a keychain that is there and does not open is another problem
 * for its user than one that is not there.
 */
export function keychainError(error: unknown, platform: NodeJS.Platform): OidcLoginError {
  const text = error instanceof Error ? error.message : ''
  const reason = quotable.exec(text)?.[1]?.replaceAll(/\s+/g, ' ').replace(/\.$/, '')
  const why = reason === undefined ? '' : `: ${reason}`
  const name = keychainName(platform)
  if (refusal.test(text)) {
    return new OidcLoginError('keychain_locked', `The ${name} does not open${why}.`, {
      hint: `${unlocking(platform)} Then run the command again, or choose --token-cache-storage=disk.`,
      cause: error,
    })
  }
  return new OidcLoginError('keychain_unavailable', `The ${name} cannot be used${why}.`, {
    hint: `${repair(platform)} Or choose --token-cache-storage=disk.`,
    cause: error,
  })
}

function unlocking(platform: NodeJS.Platform): string {
  if (platform === 'darwin') {
    return 'Unlock the login keychain (over SSH: "security unlock-keychain") and allow the access.'
  }
  if (platform === 'win32') return 'Sign in to Windows at the desktop and allow the access.'
  return 'Unlock the keyring in the desktop session and allow the access; without a desktop: "gnome-keyring-daemon --unlock --components=secrets".'
}

function repair(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Look at the login keychain with "Keychain Access".'
  if (platform === 'win32') return 'Look whether the service "Credential Manager" runs.'
  return 'It needs a D-Bus session and a Secret Service in it, such as gnome-keyring, KWallet or KeePassXC.'
}
