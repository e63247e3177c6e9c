import { mkdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'

/** Gives a new folder below `.cache` to whoever fetches something; what is left in it is deleted afterwards. */
export function inDownloadFolder(use: (folder: string) => void): void {
  const folder = resolve('.cache', `download-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
