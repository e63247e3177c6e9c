import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const data = '..data'

/**
 * Writes the files of a volume as kubelet does: all change at once, by a link (`..data`) from one folder
 * to another. Nothing happens when nothing has changed.
 *
 * @param files contents by name
 */
export function writeAtomically(folder: string, files: ReadonlyMap<string, Buffer>): void {
  mkdirSync(folder, { recursive: true })
  const link = join(folder, data)
  const before = existsSync(link) ? readlinkSync(link) : undefined
  if (before !== undefined && isSame(join(folder, before), files)) return
  const version = `..${process.hrtime.bigint()}`
  mkdirSync(join(folder, version))
  for (const [name, content] of files) {
    writeFileSync(join(folder, version, name), content, { mode: 0o440 })
  }
  symlinkSync(version, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), link)
  for (const name of files.keys()) {
    const visible = join(folder, name)
    if (!existsSync(visible)) symlinkSync(join(data, name), visible)
  }
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('..') && !files.has(name)) rmSync(join(folder, name))
  }
  if (before !== undefined) rmSync(join(folder, before), { recursive: true })
}

function isSame(folder: string, files: ReadonlyMap<string, Buffer>): boolean {
  const names = readdirSync(folder)
  return (
    names.length === files.size &&
    names.every((name) => files.get(name)?.equals(readFileSync(join(folder, name))))
  )
}
