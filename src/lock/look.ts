import type { SessionKey } from '../session/index.ts'
import { type System, thisMachine } from '../system/index.ts'
import { inspectLockFile } from './file.ts'
import { holderOf, isOwnerDead, type LockHolder } from './owner.ts'
import { lockPaths } from './place.ts'

/** What became of the lock of a session. */
export type LockState =
  | { readonly kind: 'free' }
  /** Its owner has died; whoever wants it next takes it over. */
  | { readonly kind: 'left-behind' }
  /** `holder` is undefined while the lock is just being taken. */
  | { readonly kind: 'held'; readonly holder: LockHolder | undefined }

/**
 * Looks at the lock of a session without touching it.
 *
 * @param folder of the sessions
 * @throws the system errors of {@link System.files}
 */
export function lookAtLock(
  system: Pick<System, 'clock' | 'env' | 'files' | 'process'>,
  folder: string,
  key: SessionKey,
): LockState {
  const states = lockPaths(system, folder, key).map((path) => lookAt(system, path))
  return states.find(({ kind }) => kind !== 'free') ?? { kind: 'free' }
}

function lookAt(system: Pick<System, 'clock' | 'files'>, path: string): LockState {
  const here = thisMachine()
  const found = inspectLockFile(
    {
      files: system.files,
      now: () => system.clock.now(),
      isOwnerDead: (record) => isOwnerDead(record, here, system.clock.now()),
    },
    path,
  )
  switch (found.kind) {
    case 'absent':
      return { kind: 'free' }
    case 'dead':
      return { kind: 'left-behind' }
    case 'held':
      return { kind: 'held', holder: found.holder && holderOf(found.holder, here) }
  }
}
