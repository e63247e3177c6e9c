import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Found, Need } from './found.ts'
import { goBuildOnce } from './go-build.ts'
import { kubernetesProgram } from './kubernetes.ts'
import { isExecutable } from './on-path.ts'

/**
 * The programs of a Kubernetes cluster without containers. Each is taken from its variable, from the
 * folder `$KUBEBUILDER_ASSETS`, or built as `test/cluster/go.mod` pins it.
 */
export const controlPlaneNeeds: readonly Need[] = [
  need('ETCD', 'etcd', (name) =>
    goBuildOnce({ name, folder: 'test/cluster', package: 'go.etcd.io/etcd/server/v3' }),
  ),
  need('KUBE_APISERVER', 'kube-apiserver', (name) =>
    kubernetesProgram({ name, duration: 'six minutes' }),
  ),
  need('KUBE_CONTROLLER_MANAGER', 'kube-controller-manager', (name) =>
    kubernetesProgram({ name, duration: 'two minutes' }),
  ),
  need('KUBE_SCHEDULER', 'kube-scheduler', (name) =>
    kubernetesProgram({ name, duration: 'a minute' }),
  ),
  need('KWOK', 'kwok', (name) =>
    goBuildOnce({ name, folder: 'test/cluster', package: 'sigs.k8s.io/kwok/cmd/kwok' }),
  ),
]

function need(variable: string, name: string, build: (name: string) => string | undefined): Need {
  return {
    variable,
    find(): Found {
      if (process.platform === 'win32') {
        return { kind: 'missing', reason: 'its tests need a POSIX shell' }
      }
      const path = process.env[variable] ?? asset(name) ?? build(name)
      if (path) return { kind: 'found', path }
      const named = `${variable}=/path`
      return {
        kind: 'missing',
        reason: `install Go, which builds ${name}, or name it with ${named}`,
      }
    },
  }
}

/** Where controller-runtime keeps etcd and kube-apiserver for tests. */
function asset(name: string): string | undefined {
  const folder = process.env.KUBEBUILDER_ASSETS
  const path = folder && join(folder, name)
  if (!path || !isExecutable(path)) return undefined
  return name === 'kube-apiserver' && !isNewEnough(path) ? undefined : path
}

/** Older ones know neither constrained impersonation nor the policies that send pods to a node. */
const leastMinor = 36

function isNewEnough(path: string): boolean {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  const [version, minor] = /v1\.(\d+)\.\d+/.exec(stdout ?? '') ?? []
  if (Number(minor) >= leastMinor) return true
  console.log(`${path} is ${version}; 1.${leastMinor} is the oldest that will do.`)
  return false
}
