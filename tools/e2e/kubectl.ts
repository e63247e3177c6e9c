import type { Found } from './found.ts'
import { kubernetesProgram } from './kubernetes.ts'
import { onPath } from './on-path.ts'

/** Finds kubectl: `$KUBECTL`, the PATH, or built from its Go module. */
export function findKubectl(): Found {
  const path = process.env.KUBECTL ?? onPath(['kubectl']) ?? newestKubectl()
  if (path) return { kind: 'found', path }
  return { kind: 'missing', reason: 'install kubectl or Go, or name it with KUBECTL=/path' }
}

/** The kubectl that `test/cluster` pins, built once. Undefined when it cannot be built. */
export function newestKubectl(): string | undefined {
  return kubernetesProgram({ name: 'kubectl', duration: 'two minutes' })
}
