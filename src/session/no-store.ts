import type { SessionStore } from './store.ts'

/** Keeps nothing: every call signs in. Chosen with `--token-cache-storage=none`. */
export const noStore: SessionStore = {
  folder: undefined,
  describe: () => 'nowhere: every call signs in',
  prepare: async () => undefined,
  read: async () => ({ kind: 'absent' }),
  write: async () => undefined,
  remove: async () => undefined,
  list: async () => [],
}
