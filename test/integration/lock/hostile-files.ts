import type { Files } from '../../../src/system/files.ts'
import { nodeFiles } from '../../../src/system/node-files.ts'

/** How a hostile file system behaves. */
export interface Hostility {
  /** Share of the operations before which the process stumbles for up to 3 ms. */
  readonly stumbling: number
  /** Before which operation of takeovers the process dies, counted from 0; undefined for never. */
  readonly dyingAt: number | undefined
  /** Ends this process, as SIGKILL does. */
  die(): void
}

/**
 * The real files, on which a process is delayed between any two operations of the lock and is killed
 * in the middle of a takeover: the schedules that are rare and dangerous become frequent.
 */
export function hostileFiles({ stumbling, dyingAt, die }: Hostility): Files {
  let takeoverOperations = 0
  const around = <T>(path: string, operation: () => T): T => {
    if (Math.random() < stumbling) stumble(Math.random() * 3)
    if (path.endsWith('.takeover')) {
      if (takeoverOperations === dyingAt) die()
      takeoverOperations += 1
    }
    return operation()
  }
  return {
    ...nodeFiles,
    read: (path, maxBytes) => around(path, () => nodeFiles.read(path, maxBytes)),
    createExclusive: (path, text) => around(path, () => nodeFiles.createExclusive(path, text)),
    rename: (from, to) => around(from, () => nodeFiles.rename(from, to)),
    remove: (path) => around(path, () => nodeFiles.remove(path)),
    modifiedAt: (path) => around(path, () => nodeFiles.modifiedAt(path)),
  }
}

function stumble(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}
