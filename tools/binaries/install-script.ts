import { readFileSync } from 'node:fs'
import type { Archive } from './archive.ts'
import type { Release } from './release.ts'

/** The script that installs this version on Linux and macOS. It knows the digests of the archives. */
export function installScript(
  { version, downloads }: Release,
  archives: readonly Archive[],
): string {
  const known = archives
    .filter(({ executable }) => executable.target.os !== 'windows')
    .map(({ executable, name, sha256 }) => `${executable.target.name} ${name} ${sha256}`)
  return readFileSync('tools/binaries/install.sh', 'utf8')
    .replace('@VERSION@', version)
    .replace('@DOWNLOADS@', downloads)
    .replace('@ARCHIVES@', known.join('\n'))
}
