import type { System } from '../../system/index.ts'
import { type Installation, installationObjects, toYaml } from '../manifests/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'
import { installationOf } from './installation-of.ts'

/**
 * `manifests`: prints everything that is installed in a cluster, except Secrets, as YAML. It asks no
 * cluster.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `configuration_invalid`
 */
export function printManifests(system: System, options: GatewayOptionValues): void {
  const installation = installationOf(system, options)
  system.terminal.stdout(`${heading(installation)}${toYaml(installationObjects(installation))}`)
}

function heading({ mode, tlsSecretName, namespace, credential }: Installation): string {
  const impersonation =
    mode === 'constrained'
      ? [
          'Constrained impersonation needs Kubernetes 1.36 or newer: older API servers do not know its',
          'verbs, and would refuse everybody. For those: --impersonation=classic.',
        ]
      : [
          'Classic impersonation is for Kubernetes 1.35 and older. It includes system:masters; from 1.36',
          'on the API server itself refuses that with --impersonation=constrained.',
        ]
  const secret =
    credential.kind === 'token'
      ? `Needed beside it: the Secret ${tlsSecretName} in the namespace ${namespace}.`
      : `Needed beside it: the Secrets ${tlsSecretName} and oidc-gateway-credential in the namespace ${namespace}.`
  return [...impersonation, secret].map((line) => `# ${line}\n`).join('')
}
