import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Found } from './found.ts'
import { isExecutable, onPath } from './on-path.ts'

const built = resolve('.cache', 'bin', process.platform === 'win32' ? 'kubectl.exe' : 'kubectl')

/** Finds kubectl: `$KUBECTL`, the PATH, or built from its Go module, which `test/cluster` pins. */
export function findKubectl(): Found {
  const path = process.env.KUBECTL ?? onPath(['kubectl']) ?? (isExecutable(built) ? built : build())
  if (path) return { kind: 'found', path }
  return { kind: 'missing', reason: 'install kubectl or Go, or name it with KUBECTL=/path' }
}

function build(): string | undefined {
  if (!onPath(['go'])) return undefined
  console.log('Building kubectl from its Go module; this takes some minutes once ...')
  mkdirSync(join(built, '..'), { recursive: true })
  const stamp = '-s -w -X k8s.io/component-base/version.gitVersion=v1.37.2'
  const { status } = spawnSync(
    'go',
    ['build', '-ldflags', stamp, '-o', built, 'k8s.io/kubernetes/cmd/kubectl'],
    { cwd: resolve('test', 'cluster'), stdio: ['ignore', 'inherit', 'inherit'] },
  )
  return status === 0 ? built : undefined
}
