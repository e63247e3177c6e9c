import type { GatewayOption } from './command-spec.ts'
import { installationOptions } from './installation-options.ts'

/** Options of `init`: what is installed, as for `manifests`, and how. */
export const initOptions: readonly GatewayOption[] = [
  { name: 'apply', description: 'do it; without it, only what would be done is told' },
  { name: 'print', description: 'print the objects as YAML in the place of applying them' },
  {
    name: 'uninstall',
    description: 'take away what an earlier run has made; with --apply, too, it is done',
  },
  {
    name: 'kubeconfig',
    placeholder: 'file',
    description: 'kubeconfig of the operator; by default as kubectl finds it',
  },
  {
    name: 'context',
    placeholder: 'name',
    description: 'context of the kubeconfig, default the current one',
  },
  ...installationOptions.map(withoutAssumedMode),
  {
    name: 'tls-cert',
    placeholder: 'file',
    description: 'certificate that clients see, to be put into the Secret oidc-gateway-tls',
  },
  { name: 'tls-key', placeholder: 'file', description: 'its key' },
  {
    name: 'credential-out',
    placeholder: 'folder',
    description: 'install only an identity, and write its credential here, for a gateway elsewhere',
  },
  {
    name: 'credential-lifetime',
    placeholder: 'duration',
    byDefault: '168h',
    description:
      'how long a certificate, or a token in a file, is to last; the cluster may shorten it',
  },
  {
    name: 'no-approve',
    description: 'leave the approval of the certificate to somebody else, and wait for it',
  },
  {
    name: 'force-conflicts',
    description: 'take over fields and objects that others have made',
  },
  {
    name: 'timeout',
    placeholder: 'duration',
    byDefault: '3m',
    description: 'how long to wait for a certificate, and for the pods',
  },
]

/** Here the API server is asked, when nobody says. */
function withoutAssumedMode(option: GatewayOption): GatewayOption {
  if (option.name !== 'impersonation') return option
  const { byDefault: _, ...rest } = option
  return { ...rest, description: `${rest.description}; by default the API server is asked` }
}
