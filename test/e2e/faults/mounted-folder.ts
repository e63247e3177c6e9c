import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A folder whose files change as those of a mounted Secret, ConfigMap or projected token do. */
export interface MountedFolder {
  /** Puts all files in the place of the old ones, at once. */
  replace(files: Readonly<Record<string, string>>): void
}

/**
 * Makes the folder as kubelet does (pkg/volume/util/atomic_writer.go): each file is a link to `..data/<file>`,
 * and `..data` a link to the folder of this generation, which is swapped by a rename.
 */
export function mountedFolder(path: string): MountedFolder {
  mkdirSync(path)
  let current: string | undefined
  return {
    replace(files) {
      const generation = `..${randomBytes(6).toString('hex')}`
      mkdirSync(join(path, generation))
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(path, generation, name), text)
        if (current === undefined) symlinkSync(join('..data', name), join(path, name))
      }
      symlinkSync(generation, join(path, '..data_tmp'))
      renameSync(join(path, '..data_tmp'), join(path, '..data'))
      if (current !== undefined) rmSync(join(path, current), { recursive: true })
      current = generation
    },
  }
}
