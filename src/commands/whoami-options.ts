import type { OptionSpec } from './option-spec.ts'
import { storeOptions } from './option-table.ts'

/** Where the kubeconfig is. */
export const kubeconfigOption: OptionSpec = {
  name: 'kubeconfig',
  kind: 'text',
  holds: 'files',
  description: 'kubeconfig file, default $KUBECONFIG or ~/.kube/config',
  group: 'Other:',
}

/** Options of `whoami`. */
export const whoamiOptions: readonly OptionSpec[] = [
  ...storeOptions.filter((option) => option.name !== 'profile'),
  kubeconfigOption,
  {
    name: 'output',
    short: 'o',
    kind: 'text',
    choices: ['table', 'json', 'yaml'],
    byDefault: 'table',
    description: 'how the sessions are printed',
    group: 'Other:',
  },
]
