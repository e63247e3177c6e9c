import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inDownloadFolder } from '../download-folder.ts'
import { run } from '../run.ts'
import type { Found } from './found.ts'
import { onPath } from './on-path.ts'

const leastJava = 17
const version = '26.7.3'
const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:tar.gz`
const archive = `keycloak-quarkus-dist-${version}.tar.gz`
const sha256 = '77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47'

/** What Keycloak wants to know before its start: here, that nothing is kept on disk. */
const buildOptions = ['--db=dev-mem', '--health-enabled=false', '--metrics-enabled=false']
const marker = '.built-with'

/**
 * Finds Keycloak: `$KEYCLOAK`, an unpacked distribution, or fetched from Maven Central once. Either is
 * built for these tests in its own folder, so that it only has to be started.
 */
export function findKeycloak(): Found {
  if (process.platform === 'win32') return { kind: 'missing', reason: 'kc.sh needs a POSIX shell' }
  if (javaVersion() < leastJava) return { kind: 'missing', reason: `install Java ${leastJava}` }
  try {
    const path = resolve(process.env.KEYCLOAK ?? fetchOnce())
    buildOnce(path)
    return { kind: 'found', path }
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** As `kc.sh` finds Java. 0 when there is none. */
function javaVersion(): number {
  const home = process.env.JAVA_HOME
  const java = home ? join(home, 'bin', 'java') : 'java'
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0)
}

function fetchOnce(): string {
  const folder = resolve('.cache', `keycloak-${version}`)
  if (existsSync(folder)) return folder
  if (!onPath(['mvn'])) throw new Error('install Maven, or name it with KEYCLOAK=/folder')
  console.log(`Fetching Keycloak ${version} from Maven Central (170 MB) ...`)
  inDownloadFolder((download) => {
    const options = [`-Dartifact=${artifact}`, `-DoutputDirectory=${download}`]
    run('mvn', ['-q', '-B', 'dependency:copy', ...options])
    const file = join(download, archive)
    if (digestOf(file) !== sha256) throw new Error(`${archive} is not the one that is known`)
    run('tar', ['-xzf', file, '-C', download])
    renameSync(join(download, `keycloak-${version}`), folder)
  })
  return folder
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

function buildOnce(folder: string): void {
  const path = join(folder, marker)
  const wanted = buildOptions.join(' ')
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) return
  console.log('Building Keycloak for the tests; this takes half a minute once ...')
  run(join(folder, 'bin', 'kc.sh'), ['build', ...buildOptions])
  writeFileSync(path, wanted)
}
