import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import type { Files } from './files.ts'
import { readBounded } from './read-bounded.ts'
import { unlessMissing } from './unless-missing.ts'

/** The real file system. */
export const nodeFiles: Files = {
  read: readBounded,
  writeAtomic: (path, text) => writeAtomic(path, text, privateMode),
  replaceContents(path, text) {
    const target = unlessMissing(() => realpathSync(path)) ?? path
    const mode = statSync(target, { throwIfNoEntry: false })?.mode
    writeAtomic(target, text, mode === undefined ? privateMode : mode & 0o777)
  },
  createExclusive(path, text) {
    const temporary = temporaryName(path)
    try {
      writeDurably(temporary, text)
      return linkOrCreate(temporary, path, text)
    } finally {
      removeIfThere(temporary)
    }
  },
  rename: replace,
  remove: removeIfThere,
  removeFolder(path) {
    return (
      unlessMissing(() => {
        rmdirSync(path)
        return true
      }) ?? false
    )
  },
  makePrivateFolder(path) {
    // The mode of a folder that exists is its owner's business: it may be shared on purpose.
    makeFolders(path)
  },
  list(path) {
    return unlessMissing(() => readdirSync(path).sort()) ?? []
  },
  modifiedAt,
}

/** Node's own `recursive` never ends where a folder exists and takes no more folders (`/proc`). */
function makeFolders(path: string): void {
  if (isFolder(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolders(parent)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

const privateMode = 0o600

function writeAtomic(path: string, text: string, mode: number): void {
  const temporary = temporaryName(path)
  try {
    writeDurably(temporary, text, mode)
    replace(temporary, path)
  } catch (error) {
    removeIfThere(temporary)
    throw error
  }
}

let writes = 0

/** A name beside `path` that no other process and no other write of this process uses. */
function temporaryName(path: string): string {
  writes += 1
  return `${path}.${process.pid}-${Date.now().toString(36)}-${writes}.tmp`
}

function writeDurably(path: string, text: string, mode = privateMode): void {
  const descriptor = openSync(path, 'wx', privateMode)
  try {
    writeFileSync(descriptor, text)
    if (mode !== privateMode) fchmodSync(descriptor, mode)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function linkOrCreate(temporary: string, path: string, text: string): boolean {
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'EEXIST') return false
    if (!linklessErrors.has(code ?? '')) throw error
  }
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** What file systems without hard links (FAT, some network shares) answer to `link`. */
const linklessErrors = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

const renameAttempts = 10

/** Windows refuses a rename while another process has the target open for a moment. */
function replace(from: string, to: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to)
      return
    } catch (error) {
      const isPassing = process.platform === 'win32' && isBusy(systemErrorCode(error))
      if (!isPassing || attempt === renameAttempts) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20 * attempt)
    }
  }
}

function isBusy(code: string | undefined): boolean {
  return code === 'EPERM' || code === 'EACCES' || code === 'EBUSY'
}

function removeIfThere(path: string): boolean {
  return (
    unlessMissing(() => {
      unlinkSync(path)
      return true
    }) ?? false
  )
}
