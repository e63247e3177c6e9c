import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What a kubeconfig says of one cluster and the user who signs in there. */
export interface KubeconfigFacts {
  /** URL of the API server. */
  readonly server: string
  /** Its certificate authority, PEM. */
  readonly caPem: string
  /** Options of `get-token`. */
  readonly options: readonly string[]
  /** Version of the exec API, `client.authentication.k8s.io/<version>`; `v1` by default. */
  readonly execVersion?: string
}

/** Writes the kubeconfig that the README shows. JSON is YAML, too. */
export function writeKubeconfig(path: string, facts: KubeconfigFacts): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(kubeconfig(facts), undefined, 2)}\n`, { mode: 0o600 })
}

function kubeconfig({ server, caPem, options, execVersion = 'v1' }: KubeconfigFacts): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [
      {
        name: 'demo',
        cluster: {
          server,
          'certificate-authority-data': Buffer.from(caPem).toString('base64'),
        },
      },
    ],
    users: [
      {
        name: 'john',
        user: {
          exec: {
            apiVersion: `client.authentication.k8s.io/${execVersion}`,
            command: 'kubectl',
            args: ['oidc-login', 'get-token', ...options],
            interactiveMode: 'IfAvailable',
          },
        },
      },
    ],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'john', namespace: 'default' } }],
  }
}
