import { getTokenOptions } from './get-token-options.ts'
import type { OptionSpec } from './option-spec.ts'
import { outputOption } from './output-option.ts'
import { kubeconfigOption } from './whoami-options.ts'

/** Options of `doctor`: which context is examined, and what is to be other than its entry says. */
export const doctorOptions: readonly OptionSpec[] = [
  ...[...getTokenOptions, outputOption].map((option) => ({
    ...option,
    description: option.description.replace(' (mandatory)', ''),
  })),
  kubeconfigOption,
  {
    name: 'context',
    kind: 'text',
    description: 'context of the kubeconfig that is examined, by default the current one',
    group: 'Other:',
  },
]
