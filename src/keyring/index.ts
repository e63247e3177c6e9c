export { autoStore } from './auto-store.ts'
export { hasEncryptionKey } from './encryption-key.ts'
export { forgetEncryptionKey } from './forget.ts'
export { keyringStore } from './keyring-store.ts'
