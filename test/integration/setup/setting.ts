import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startApiServer } from '../../world/api-server.ts'
import { startGateway, type TestGatewayOptions } from '../../world/gateway.ts'
import { startProvider } from '../../world/provider.ts'
import { type Computer, computer, stopped } from '../../world/world.ts'

/** John's computer, a provider, and the call of `setup` that names it. */
export async function withProvider() {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always' }),
  )
  const options = john.options(provider.issuer, '--oidc-extra-scope=groups')
  return { john, provider, options, setup: ['setup', ...options] }
}

/**
 * The same with a gateway in front of an API server, and the call that names only that.
 *
 * @param told what the gateway tells otherwise than is true
 */
export async function withGateway(told: Partial<TestGatewayOptions['onboarding']> = {}) {
  const john = await computer()
  const { authority } = john
  const provider = stopped(await startProvider({ authority, refreshTokens: 'always' }))
  const oidc = {
    issuer: provider.issuer,
    certificateAuthorityPem: authority.certPem,
    clientId: 'kubernetes',
  }
  const api = stopped(await startApiServer({ authority, oidc }))
  const onboarding = {
    clusterName: 'demo',
    certificateAuthority: authority.certPem,
    issuer: provider.issuer,
    clientId: 'kubernetes',
    scopes: ['profile', 'groups'],
    ...told,
  }
  const gateway = stopped(await startGateway({ authority, api, onboarding }))
  const options = john
    .options(provider.issuer)
    .filter((option) => !/^--oidc-(?:issuer|client|extra)/.test(option))
  return { john, provider, gateway, setup: ['setup', gateway.url, ...options] }
}

/** The kubeconfig of a computer. */
export function kubeconfigPath(john: Computer): string {
  return join(john.home, '.kube', 'config')
}

/** Writes the kubeconfig of a computer. */
export function writeKubeconfig(john: Computer, text = adminKubeconfig): void {
  mkdirSync(join(john.home, '.kube'), { recursive: true })
  writeFileSync(kubeconfigPath(john), text)
}

/** A kubeconfig with a comment, an administrator and a cluster. */
export const adminKubeconfig: string = `# mine
apiVersion: v1
kind: Config
current-context: admin
clusters:
- name: demo # the only one
  cluster:
    server: https://127.0.0.1:6443
contexts:
- name: admin
  context:
    cluster: demo
    user: admin
users:
- name: admin
  user:
    token: a-token-of-the-administrator
`
