import { systemErrorCode } from '../errors.ts'
import { inspectLockFile, type LockFiles, type LockSurroundings, tokenIn } from './file.ts'
import { ignoringSystemErrors, removeQuietly } from './litter.ts'
import { formatLockRecord, type LockRecord } from './record.ts'

/** How an attempt to get a lock ended. */
export type LockAttempt =
  | { readonly kind: 'acquired'; readonly isTakeover: boolean }
  /** Somebody lives who has it; undefined when a damaged file does not tell who. */
  | { readonly kind: 'held'; readonly holder: LockRecord | undefined }
  /** Others were faster. */
  | { readonly kind: 'changed' }

/**
 * Tries once to get the lock at `path`. It is created with all its contents at once, so that it names
 * its owner from the first moment. The lock of a dead owner is taken over.
 *
 * @param own the record of this process; its token is new for each acquisition
 * @throws the system errors of {@link Files}
 */
export function attemptLock(
  surroundings: LockSurroundings,
  path: string,
  own: LockRecord,
): LockAttempt {
  const found = inspectLockFile(surroundings, path)
  if (found.kind === 'absent') {
    const isCreated = surroundings.files.createExclusive(path, formatLockRecord(own))
    return isCreated ? { kind: 'acquired', isTakeover: false } : { kind: 'changed' }
  }
  // A network file system may carry out a request and say that it failed: then it is found here.
  if (found.token === own.token) return { kind: 'acquired', isTakeover: false }
  if (found.kind === 'held') return { kind: 'held', holder: found.holder }
  return takeOver(surroundings, path, found.token, own)
}

/**
 * Gives back a lock, unless another process has it by now. Never fails: a lock that cannot be deleted
 * names a process that soon ends, and is taken over then.
 */
export function giveBackLock(files: LockFiles, path: string, token: string): void {
  ignoringSystemErrors(() => {
    if (tokenIn(files, path) === token) files.remove(path)
  })
}

/** A file, and the token that was found in it. */
interface Link {
  readonly path: string
  readonly token: string
}

/**
 * Takes over the lock of a dead owner. Only the process that creates the claim
 * `<lock>.<token of the dead>.takeover` may do it. It can die, too, before it has done it; then the
 * claim on *its* token counts, and so on: from the lock to the claim of this process there is a chain
 * of the dead.
 *
 * Both the owner of the lock and those of the claims were judged after they had been read. Meanwhile
 * each may have ended in good order, its file may be gone, and another process may have begun a chain
 * of its own. Hence the whole chain is read once more under the claim: as long as the lock stays
 * what it was, nobody removes the claim of a dead process, so a chain that still stands is the only
 * one.
 */
function takeOver(
  surroundings: LockSurroundings,
  lockPath: string,
  deadToken: string,
  own: LockRecord,
): LockAttempt {
  const chain: Link[] = []
  for (let link: Link = { path: lockPath, token: deadToken }; ; ) {
    chain.push(link)
    const claimPath = `${lockPath}.${link.token}.takeover`
    const found = inspectLockFile(surroundings, claimPath)
    if (found.kind === 'absent') {
      const isCreated = surroundings.files.createExclusive(claimPath, formatLockRecord(own))
      return isCreated ? finishTakeover(surroundings, chain, claimPath) : { kind: 'changed' }
    }
    if (found.token === own.token) return finishTakeover(surroundings, chain, claimPath)
    if (found.kind === 'held') return { kind: 'held', holder: found.holder }
    link = { path: claimPath, token: found.token }
  }
}

function finishTakeover(
  { files }: LockSurroundings,
  chain: readonly Link[],
  claimPath: string,
): LockAttempt {
  const [lock, ...deadClaims] = chain
  const stands = chain.toReversed().every((link) => tokenIn(files, link.path) === link.token)
  if (lock === undefined || !stands) {
    // Others may rely on the claims of the dead: only its own is removed.
    removeQuietly(files, claimPath)
    return { kind: 'changed' }
  }
  try {
    files.rename(claimPath, lock.path)
  } catch (error) {
    removeQuietly(files, claimPath)
    // The claim is gone: another machine took this process for dead and has the lock.
    if (systemErrorCode(error) === 'ENOENT') return { kind: 'changed' }
    throw error
  }
  // From here on no chain begins at the dead owner's token any more.
  for (const claim of deadClaims) removeQuietly(files, claim.path)
  return { kind: 'acquired', isTakeover: true }
}
