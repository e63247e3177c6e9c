import type { OptionSpec } from './option-spec.ts'
import { providerOptions, signInOptions } from './option-table.ts'
import { kubeconfigOption } from './whoami-options.ts'

const shared = new Set(['skip-open-browser', 'browser-command'])

/** Options of `logout`: which session, how to reach its provider, and what to spare. */
export const logoutOptions: readonly OptionSpec[] = [
  ...providerOptions.map((option) => ({
    ...option,
    description: option.description.replace(' (mandatory)', ' whose session ends'),
  })),
  ...signInOptions.filter((option) => shared.has(option.name)),
  kubeconfigOption,
  {
    name: 'all',
    kind: 'flag',
    description: 'end all sessions',
    group: 'Session:',
  },
  {
    name: 'local',
    kind: 'flag',
    description: "leave the browser's session at the provider; only print the URL that ends it",
    group: 'Session:',
  },
]
