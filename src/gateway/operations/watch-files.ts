import { createHash } from 'node:crypto'
import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Stops watching. */
export type StopWatching = () => void

/** How a {@link watchFiles} is done. Times in milliseconds. */
export interface WatchOptions {
  /** How often the files are read again, whatever the operating system tells. */
  readonly intervalMs: number
  /** How long a burst of changes is given to end. */
  readonly settleMs: number
}

/** kubelet swaps a link beside the files; client-go reads a token again each minute. */
const defaults: WatchOptions = { intervalMs: 10_000, settleMs: 100 }

/**
 * Calls back when the contents of one of some files have changed. The folders are watched, not the
 * files: a mounted Secret is a link that is replaced, and a watched file would be the old one for ever
 * (rule H12). Beside that the contents are compared at intervals, because not every file system tells.
 * The process may end while it watches.
 *
 * @param paths absolute; a file that does not exist yet may appear later
 */
export function watchFiles(
  paths: readonly string[],
  changed: () => void,
  options: WatchOptions = defaults,
): StopWatching {
  let last = digestOf(paths)
  let settling: NodeJS.Timeout | undefined
  const look = (): void => {
    settling = undefined
    const now = digestOf(paths)
    if (now === last) return
    last = now
    changed()
  }
  const settle = (): void => {
    settling ??= setTimeout(look, options.settleMs).unref()
  }
  const watchers = [...new Set(paths.map(dirname))].flatMap((folder) => watcherOf(folder, settle))
  const interval = setInterval(look, options.intervalMs).unref()
  return () => {
    clearInterval(interval)
    clearTimeout(settling)
    for (const watcher of watchers) watcher.close()
  }
}

function watcherOf(folder: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, changed)
    // The interval goes on.
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\0`).update(contentsOf(path)).update('\0')
  return hash.digest('base64')
}

function contentsOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
