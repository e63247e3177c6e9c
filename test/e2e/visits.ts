import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'

/** Stands between the plugin, which sends a browser somewhere, and the window of a test. */
export interface Visits {
  /** For `--browser-command`. */
  readonly command: string
  /** How many URLs were to be opened so far. */
  count(): number
  /** The next URL that the browser is sent to. */
  next(): Promise<string>
}

/** Writes a browser command below a folder that only notes where it is sent to. */
export function noteVisits(folder: string): Visits {
  const command = join(folder, 'note-visit')
  const log = join(folder, 'visits')
  writeFileSync(command, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${log}'\n`)
  chmodSync(command, 0o755)
  const urls = (): string[] =>
    existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []
  let taken = 0
  return {
    command,
    count: () => urls().length,
    async next() {
      const url = await vi.waitUntil(() => urls()[taken], { timeout: 60_000 })
      taken += 1
      return url
    },
  }
}
