import { randomBytes } from 'node:crypto'
import { OidcLoginError } from '../errors.ts'
import type { KeychainEntry, System } from '../system/index.ts'
import { patiently } from './patience.ts'
import { keyBytes } from './sealed.ts'

/**
 * The key that encrypts the sessions of one folder. Only this key lies in the keychain: tokens are too
 * large for some (Windows holds 2,560 bytes).
 */
export interface EncryptionKey {
  /**
   * Reads the key once.
   *
   * @returns undefined when the keychain holds none
   * @throws OidcLoginError `keychain_…`
   */
  read(): Promise<Uint8Array | undefined>
  /**
   * Reads the key, or creates it. Of several processes that need one at the same time, one creates
   * it and the others take it.
   *
   * @throws OidcLoginError `keychain_…`, `lock_timed_out`, `interrupted`
   */
  readOrCreate(): Promise<Uint8Array>
}

/** Where the key of a folder lies: service `kubectl-oidc-login`, account `sessions in FOLDER`. */
export function keychainEntry(folder: string): KeychainEntry {
  return { service: 'kubectl-oidc-login', account: `sessions in ${folder}` }
}

/**
 * Whether the keychain opens, and holds the key of a folder's sessions.
 *
 * @throws OidcLoginError `keychain_…`, `interrupted`
 */
export async function hasEncryptionKey(system: System, folder: string): Promise<boolean> {
  return (await encryptionKey(system, folder).read()) !== undefined
}

/** The key of the sessions in a folder; nothing is asked before it is needed. */
export function encryptionKey(system: System, folder: string): EncryptionKey {
  const entry = keychainEntry(folder)
  let known: Uint8Array | undefined
  const read = async (): Promise<Uint8Array | undefined> => {
    known ??= parseKey(system, await patiently(system, () => system.keychain.read(entry)))
    return known
  }
  return {
    read,
    async readOrCreate() {
      return (
        (await read()) ??
        (await whileAlone(system, folder, async () => (await read()) ?? (await create())))
      )
    },
  }

  async function create(): Promise<Uint8Array> {
    const secret = randomBytes(keyBytes).toString('base64url')
    await patiently(system, () => system.keychain.write(entry, secret))
    const created = await read()
    // A keychain that forgets would lose every session without a word.
    if (created === undefined || Buffer.from(created).toString('base64url') !== secret) {
      throw new OidcLoginError(
        'keychain_unavailable',
        `The ${system.keychain.name} did not keep what was stored in it.`,
        { hint: 'Choose --token-cache-storage=disk.' },
      )
    }
    return created
  }
}

const keychainTimeoutMs = 180_000
const mayPromptMs = 360_000

async function whileAlone<T>(system: System, folder: string, action: () => Promise<T>): Promise<T> {
  const { whileLocked } = await import('../lock/index.ts')
  return await whileLocked(
    {
      system,
      store: { folder },
      key: { name: 'keychain' },
      purpose: 'creating a key in the keychain',
      timeoutMs: keychainTimeoutMs,
      holdAtMostMs: mayPromptMs,
    },
    action,
  )
}

function parseKey(
  system: Pick<System, 'keychain'>,
  secret: string | undefined,
): Uint8Array | undefined {
  if (secret === undefined) return undefined
  const key = Buffer.from(secret, 'base64url')
  if (key.length === keyBytes) return key
  throw new OidcLoginError(
    'keychain_unavailable',
    `The entry "kubectl-oidc-login" in the ${system.keychain.name} is not a key of this program.`,
    { hint: 'Run "kubectl oidc-login clean" to delete it with all sessions, then sign in again.' },
  )
}
