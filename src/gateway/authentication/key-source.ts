import type { Clock } from '../../system/index.ts'
import type { IssuerState, KeyLoadObserver } from './authenticator.ts'
import type { KeyLoader } from './key-loader.ts'
import { candidates, type VerificationKey, type WantedKey } from './key-set.ts'
import { createUnknownKeys } from './unknown-keys.ts'

/** The keys of one provider, kept fresh. */
export interface KeySource {
  /** The keys that may have signed a token; waits while they are being loaded. */
  find(wanted: WantedKey): Promise<KeyLookup>
  /**
   * A key that was found did not make the signature: perhaps the provider has another one under the same
   * name. Loads the keys anew, if that has not been done lately.
   *
   * @returns whether they were loaded, so that looking again makes sense
   */
  reload(): Promise<boolean>
  /** Grows whenever other keys come into force. */
  version(): number
  state(): IssuerState
  /** Stops loading keys. */
  close(): void
}

/** What is known. */
export type KeyLookup =
  | { readonly kind: 'keys'; readonly keys: readonly VerificationKey[] }
  /** The provider has no such key. */
  | { readonly kind: 'unknown' }
  /** The provider's keys could not be loaded. */
  | { readonly kind: 'unavailable' }

const minute = 60_000
/** Keys are loaded again this often … */
const refreshMs = 5 * minute
/** … and not used for longer than this without asking the provider again (rule C26). */
const maxAgeMs = 10 * minute
/** While the provider is down, the last good keys are used for this long (rule C24). */
const maxStaleMs = 24 * 60 * minute
/** Tokens can make the gateway ask a provider only once in this time (rule C22). */
const coolDownMs = 30_000
const firstRetryMs = 1000
const lastRetryMs = minute

/**
 * Loads the keys of a provider at once, and goes on: regularly, soon again after a failure, and when a
 * token names a key that is not there. A failure never takes away the keys that are known.
 */
export function createKeySource(
  issuer: string,
  load: KeyLoader,
  { clock, observe }: { readonly clock: Clock; readonly observe: KeyLoadObserver },
): KeySource {
  const closed = new AbortController()
  const unknown = createUnknownKeys(clock)
  let loaded: LoadedKeys | undefined
  let attempt: Promise<void> | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY
  let isFailing = false
  let version = 0

  async function tryToLoad(): Promise<void> {
    attemptedAt = clock.elapsed()
    try {
      const keys = await load(closed.signal)
      if (!isSame(keys, loaded?.keys ?? [])) version += 1
      loaded = { keys, at: clock.elapsed(), date: clock.now() }
      isFailing = false
      observe(issuer, undefined)
    } catch (error) {
      if (closed.signal.aborted) return
      isFailing = true
      observe(issuer, error instanceof Error ? error.message : 'The keys cannot be loaded.')
    }
  }

  /** One attempt at a time, however many wait for it. */
  async function loadOnce(): Promise<void> {
    attempt ??= tryToLoad().finally(() => {
      attempt = undefined
    })
    await attempt
  }

  async function keepFresh(): Promise<void> {
    let failures = 0
    while (!closed.signal.aborted) {
      await loadOnce()
      failures = isFailing ? failures + 1 : 0
      const retryMs = Math.min(firstRetryMs * 2 ** (failures - 1), lastRetryMs)
      await clock.sleep(earlier(isFailing ? retryMs : refreshMs), closed.signal, 'background')
    }
  }

  const isOlderThan = (ageMs: number): boolean =>
    loaded === undefined || clock.elapsed() - loaded.at >= ageMs

  async function reload(): Promise<boolean> {
    const before = loaded
    if (!attempt && clock.elapsed() - attemptedAt < coolDownMs) return false
    await loadOnce()
    return loaded !== before
  }

  keepFresh().catch(() => undefined)

  return {
    reload,
    async find(wanted) {
      if (loaded === undefined && attempt) await attempt
      if (loaded !== undefined && isOlderThan(maxAgeMs)) await reload()
      if (loaded === undefined || isOlderThan(maxStaleMs)) return { kind: 'unavailable' }
      const found = candidates(loaded.keys, wanted)
      if (found.length > 0) return { kind: 'keys', keys: found }
      if (unknown.has(wanted) || !(await reload())) return { kind: 'unknown' }
      const fresh = candidates(loaded.keys, wanted)
      if (fresh.length > 0) return { kind: 'keys', keys: fresh }
      unknown.add(wanted)
      return { kind: 'unknown' }
    },
    version: () => version,
    state: () => ({ issuer, keysLoadedAt: loaded?.date, isFailing }),
    close: () => closed.abort(),
  }
}

interface LoadedKeys {
  readonly keys: readonly VerificationKey[]
  /** On the clock that nobody sets. */
  readonly at: number
  /** On the clock of the wall. */
  readonly date: number
}

function isSame(one: readonly VerificationKey[], other: readonly VerificationKey[]): boolean {
  return (
    one.length === other.length &&
    one.every((key, index) => key.thumbprint === other[index]?.thumbprint)
  )
}

/** Up to a tenth earlier, so that many gateways do not ask at the same moment. */
function earlier(durationMs: number): number {
  return durationMs * (1 - Math.random() / 10)
}
