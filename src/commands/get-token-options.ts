import { grantOptions } from './grant-options.ts'
import { kubeloginOptions } from './kubelogin-options.ts'
import type { OptionSpec } from './option-spec.ts'
import { providerOptions, sessionOptions, signInOptions, storeOptions } from './option-table.ts'
import { tokenGrantOptions } from './token-grant-options.ts'

/** Options of `get-token`. */
export const getTokenOptions: readonly OptionSpec[] = [
  ...providerOptions,
  ...signInOptions,
  ...grantOptions,
  ...tokenGrantOptions,
  ...sessionOptions,
  ...storeOptions,
  ...kubeloginOptions,
]

/** Only `login` has it: with `get-token` it would ask again and again. */
export const promptOption: OptionSpec = {
  name: 'prompt',
  kind: 'text',
  description: 'what the provider asks this once, for example select_account for another account',
  group: 'Sign-in:',
}
