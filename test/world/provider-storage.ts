import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What the provider remembers: sessions, grants, codes and tokens. It lives in memory. */
export interface ProviderStorage {
  /** Makes the view of one kind of entry that oidc-provider asks for. */
  adapter(kind: string): Adapter
  /** Forgets all entries, or those of one account: its refresh tokens and sessions are void. */
  forget(sub?: string): void
}

interface Entry {
  readonly payload: AdapterPayload
  readonly expiresAt: number
}

/** Makes an empty storage. */
export function createStorage(): ProviderStorage {
  const kinds = new Map<string, Map<string, Entry>>()
  const entriesOf = (kind: string): Map<string, Entry> => {
    const entries = kinds.get(kind) ?? new Map<string, Entry>()
    kinds.set(kind, entries)
    return entries
  }
  return {
    adapter: (kind) => adapterOf(entriesOf(kind)),
    forget: (sub) => {
      for (const entries of kinds.values()) {
        removeWhere(entries, ({ accountId }) => sub === undefined || accountId === sub)
      }
    },
  }
}

function adapterOf(entries: Map<string, Entry>): Adapter {
  const find = (matches: (payload: AdapterPayload) => unknown): AdapterPayload | undefined => {
    for (const { payload, expiresAt } of entries.values()) {
      if (expiresAt > Date.now() && matches(payload)) return payload
    }
    return undefined
  }
  return {
    upsert: async (id, payload, expiresInSec = Number.POSITIVE_INFINITY) => {
      entries.set(id, { payload, expiresAt: Date.now() + expiresInSec * 1000 })
    },
    find: async (id) => {
      const entry = entries.get(id)
      return entry && entry.expiresAt > Date.now() ? entry.payload : undefined
    },
    findByUid: async (uid) => find((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => find((payload) => payload.userCode === userCode),
    consume: async (id) => {
      const entry = entries.get(id)
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000)
    },
    destroy: async (id) => {
      entries.delete(id)
    },
    revokeByGrantId: async (grantId) => {
      removeWhere(entries, (payload) => payload.grantId === grantId)
    },
  }
}

function removeWhere(
  entries: Map<string, Entry>,
  matches: (payload: AdapterPayload) => boolean,
): void {
  for (const [id, { payload }] of entries) {
    if (matches(payload)) entries.delete(id)
  }
}
