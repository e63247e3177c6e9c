import { stringify } from 'yaml'
import { OidcLoginError } from '../../errors.ts'
import { formatOnboarding, type Onboarding } from '../../onboarding/index.ts'
import type { System } from '../../system/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'
import { configurationOf } from './configuration-of.ts'

/**
 * `kubeconfig`: prints a kubeconfig for the people of this gateway, made of what its configuration
 * tells everybody (`onboarding`). Nothing of it is secret.
 *
 * @throws OidcLoginError `configuration_invalid`, also without `onboarding`, `onboarding_invalid`,
 *   `file_unreadable`
 */
export function printKubeconfig(system: System, options: GatewayOptionValues): void {
  const { gateway, authentication } = configurationOf(system, options)
  const { onboarding } = gateway
  if (onboarding === undefined) {
    throw new OidcLoginError('configuration_invalid', 'The configuration has no "onboarding".', {
      hint: 'It names the address of the gateway and the client of the provider; docs/gateway-configuration.md lists its fields.',
    })
  }
  // Writing the document checks every value of it.
  formatOnboarding(onboarding)
  const provider = authentication.jwt.find(({ issuer }) => issuer.url === onboarding.issuer)
  const document = kubeconfigOf(onboarding, provider?.issuer.certificateAuthority)
  system.terminal.stdout(stringify(document, { lineWidth: 0 }))
}

function kubeconfigOf(
  { clusterName: name, server, certificateAuthority, issuer, clientId, scopes }: Onboarding,
  providerAuthority: string | undefined,
): unknown {
  const user = `oidc-${name}`
  const authority = certificateAuthority && {
    'certificate-authority-data': base64(certificateAuthority),
  }
  const args = [
    'oidc-login',
    'get-token',
    `--oidc-issuer-url=${issuer}`,
    `--oidc-client-id=${clientId}`,
    ...scopes.filter((scope) => scope !== 'openid').map((scope) => `--oidc-extra-scope=${scope}`),
    ...(providerAuthority ? [`--certificate-authority-data=${base64(providerAuthority)}`] : []),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, ...authority } }],
    users: [
      {
        name: user,
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: 'kubectl',
            args,
            interactiveMode: 'IfAvailable',
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
