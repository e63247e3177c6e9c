import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Executable, programName } from './compile.ts'
import { bunVersion } from './targets.ts'

/** A file to download. */
export interface Archive {
  readonly executable: Executable
  /** File name. */
  readonly name: string
  /** SHA-256 as hexadecimal digits. */
  readonly sha256: string
}

const runtimeNotice = `
Bun ${bunVersion} (MIT), with JavaScriptCore (LGPL-2.1) and others: https://bun.com/docs/project/license
`

/**
 * Packs an executable with its licences. The same files make the same bytes: names in order, no owner and
 * no time.
 *
 * @param folder where the executable lies; the archive goes beside that folder
 */
export function pack(executable: Executable, version: string, folder: string): Archive {
  const name = `${programName}_v${version}_${executable.target.name.replaceAll('-', '_')}.tar.gz`
  const files = [basename(executable.path), 'LICENSE', 'THIRD-PARTY-NOTICES.txt']
  writeFileSync(join(folder, 'LICENSE'), readFileSync('LICENSE'))
  writeFileSync(
    join(folder, 'THIRD-PARTY-NOTICES.txt'),
    readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8') + runtimeNotice,
  )
  for (const file of files) {
    chmodSync(join(folder, file), file === files[0] ? 0o755 : 0o644)
    utimesSync(join(folder, file), 0, 0)
  }
  const options = ['--format=ustar', '--owner=0', '--group=0', '--numeric-owner', '-cf', '-']
  const { status, stdout } = spawnSync('tar', [...options, '-C', folder, ...files], {
    maxBuffer: 512 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error('GNU tar is needed to pack the executables.')
  const bytes = gzipSync(stdout)
  writeFileSync(join(folder, '..', name), bytes)
  rmSync(folder, { recursive: true })
  return { executable, name, sha256: createHash('sha256').update(bytes).digest('hex') }
}
