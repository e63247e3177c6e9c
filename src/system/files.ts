/** A file's contents with the facts that decide whether we believe it. */
export interface FileContents {
  /** The contents, as UTF-8 text. */
  readonly text: string
  /** Numeric id of the owner (0 on Windows). */
  readonly ownerUid: number
}

/** Reads files of this user, by the rules of {@link Files}. */
export interface FileReader {
  /** Reads a file of at most `maxBytes` (1 MiB by default); undefined when there is none. */
  read(path: string, maxBytes?: number): FileContents | undefined
}

/**
 * Files of this user. Paths are absolute. Operations are synchronous: the plugin has nothing else
 * to do meanwhile, and starting is its whole cost. Each throws Node's system error (`ENOENT`,
 * `EACCES`, `ENOSPC` …) when the operating system refuses.
 */
export interface Files extends FileReader {
  /**
   * Replaces a file as a whole, mode 0600: temporary file beside it, fsync, rename. Either the old or
   * the new contents are there afterwards, never a part; a failure leaves no temporary file.
   */
  writeAtomic(path: string, text: string): void
  /**
   * As {@link Files.writeAtomic}, for a file that is not ours alone: its mode is kept, and a symbolic
   * link stays one, its target being replaced. A new file gets mode 0600.
   */
  replaceContents(path: string, text: string): void
  /**
   * Creates a file, mode 0600, with all its contents at once (temporary file and hard link; an
   * exclusive create where the file system has no links).
   *
   * @returns false when the file exists already
   */
  createExclusive(path: string, text: string): boolean
  /** Renames a file over another. */
  rename(from: string, to: string): void
  /** Deletes a file. @returns false when there was none */
  remove(path: string): boolean
  /** Deletes an empty folder. @returns false when there was none */
  removeFolder(path: string): boolean
  /**
   * Makes a folder, and its parents, that only this user can enter (mode 0700). One that exists is left
   * as it is.
   */
  makePrivateFolder(path: string): void
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(path: string): string[]
  /** When the file was last changed, in milliseconds since the epoch; undefined when there is none. */
  modifiedAt(path: string): number | undefined
}
