import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Computer } from '../../world/world.ts'

/** What a test wants to be different in the kubeconfig of {@link writeKubeconfigOf}. */
export interface Wanted {
  /** Arguments of the plugin, after `get-token`. */
  readonly args?: readonly string[]
  /** Fields of `exec`; one that is undefined is not there. */
  readonly exec?: Readonly<Record<string, unknown>>
  /** The user in the place of one with `exec`. */
  readonly user?: unknown
  readonly cluster?: Readonly<Record<string, unknown>>
  /** Fields of the whole. */
  readonly whole?: Readonly<Record<string, unknown>>
}

/** Writes a kubeconfig with the context `demo`, and returns its path. */
export function writeKubeconfigOf(john: Computer, wanted: Wanted = {}): string {
  const path = join(john.home, '.kube', 'config')
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'kubectl',
    args: ['oidc-login', 'get-token', ...(wanted.args ?? [])],
    interactiveMode: 'IfAvailable',
    ...wanted.exec,
  }
  const kubeconfig = {
    'current-context': 'demo',
    clusters: [{ name: 'cluster', cluster: { server: 'https://127.0.0.1:9', ...wanted.cluster } }],
    users: [{ name: 'john', user: wanted.user ?? { exec } }],
    contexts: [{ name: 'demo', context: { cluster: 'cluster', user: 'john' } }],
    ...wanted.whole,
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(kubeconfig), { mode: 0o600 })
  return path
}
