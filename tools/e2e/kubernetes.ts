import { goBuildOnce } from './go-build.ts'

/** The version that `test/cluster/go.mod` pins. */
const version = { major: '1', minor: '37', patch: '2' } as const

/** A program of Kubernetes by the name of its folder below `cmd/`, and how long its build may take. */
export interface KubernetesProgram {
  readonly name: string
  readonly duration: string
}

/** Builds a program of Kubernetes once, as `test/cluster` pins it. Undefined when it cannot be built. */
export function kubernetesProgram({ name, duration }: KubernetesProgram): string | undefined {
  const { major, minor, patch } = version
  const room = 'k8s.io/component-base/version'
  return goBuildOnce({
    name,
    folder: 'test/cluster',
    package: `k8s.io/kubernetes/cmd/${name}`,
    variables: [
      `${room}.gitVersion=v${major}.${minor}.${patch}`,
      `${room}.gitMajor=${major}`,
      `${room}.gitMinor=${minor}`,
    ],
    duration,
  })
}
