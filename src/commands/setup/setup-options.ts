import { getTokenOptions } from '../get-token-options.ts'
import type { OptionSpec } from '../option-spec.ts'
import { kubeconfigOption } from '../whoami-options.ts'

const kubeconfigOptions: readonly OptionSpec[] = [
  {
    name: 'write',
    kind: 'flag',
    description: 'write user and context into the kubeconfig',
    group: 'Kubeconfig:',
  },
  {
    name: 'dry-run',
    kind: 'flag',
    description: 'only show what would change in the kubeconfig; sign nobody in',
    group: 'Kubeconfig:',
  },
  {
    name: 'from-auth-provider',
    kind: 'flag',
    description:
      'convert a user of the kubeconfig that has the auth-provider oidc, which kubectl reads no more',
    group: 'Kubeconfig:',
  },
  { ...kubeconfigOption, group: 'Kubeconfig:' },
  {
    name: 'user',
    kind: 'text',
    description: 'name of the user in the kubeconfig',
    group: 'Kubeconfig:',
  },
  {
    name: 'context',
    kind: 'text',
    description: 'name of the context in the kubeconfig; one that exists gets this user',
    group: 'Kubeconfig:',
  },
  {
    name: 'cluster',
    kind: 'text',
    description: 'name of the cluster in the kubeconfig',
    group: 'Kubeconfig:',
  },
  {
    name: 'yes',
    kind: 'flag',
    description: 'do not ask before the cluster of an https://HOST is written and used',
    group: 'Kubeconfig:',
  },
]

const apiServerOptions: readonly OptionSpec[] = [
  {
    name: 'apiserver',
    kind: 'flag',
    description: 'print the AuthenticationConfiguration of the API server, and how it gets it',
    group: 'API server:',
  },
  {
    name: 'rbac',
    kind: 'flag',
    description: 'print a role and its binding for whoever signs in',
    group: 'API server:',
  },
  {
    name: 'oidc-username-claim',
    kind: 'text',
    byDefault: 'sub',
    description: 'claim that is the name of a user',
    group: 'API server:',
  },
  {
    name: 'oidc-username-prefix',
    kind: 'text',
    byDefault: 'oidc:',
    whenEmpty: '-',
    description: 'what the API server puts before it; - for nothing',
    group: 'API server:',
  },
  {
    name: 'oidc-groups-claim',
    kind: 'text',
    byDefault: 'groups',
    description: 'claim that holds the groups of a user',
    group: 'API server:',
  },
  {
    name: 'oidc-groups-prefix',
    kind: 'text',
    byDefault: 'oidc:',
    whenEmpty: '-',
    description: 'what the API server puts before each of them; - for nothing',
    group: 'API server:',
  },
]

/** The options that `setup` passes on to `get-token`. */
export const passedOnOptions: readonly OptionSpec[] = getTokenOptions
  .filter(({ name }) => name !== 'force-refresh')
  .map((option) => ({ ...option, description: option.description.replace(' (mandatory)', '') }))

/** Options of `setup`. */
export const setupOptions: readonly OptionSpec[] = [
  ...kubeconfigOptions,
  ...apiServerOptions,
  ...passedOnOptions,
]
