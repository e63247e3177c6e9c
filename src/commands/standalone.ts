import { Command } from 'commander'
import { OidcLoginError } from '../errors.ts'
import { kubeconfigFiles, readKubeconfig } from '../kubeconfig/index.ts'
import { printable } from '../printable.ts'
import { shellWord } from '../setup/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import type { OptionSpec } from './option-spec.ts'
import { addOptions, optionValues } from './options.ts'

/**
 * A call without a command. int128/kubelogin then keeps the tokens of an auth-provider in the
 * kubeconfig; kubectl 1.26 and newer read none. Whoever has one is told what replaced it and how it is
 * converted; whoever has none and gives no option sees the help.
 *
 * @param table the options that such a call may have
 * @param showHelp prints the commands
 * @throws OidcLoginError `auth_provider_replaced`
 */
export function callWithoutCommand(
  system: System,
  args: readonly string[],
  { table, showHelp }: { readonly table: readonly OptionSpec[]; showHelp(): void },
): void {
  const options = optionsIn(system, table, args)
  const user = authProviderUser(system, options)
  if (user === undefined && args.length === 0) {
    showHelp()
    return
  }
  throw new OidcLoginError(
    'auth_provider_replaced',
    'Without a command, kubelogin kept the tokens of an auth-provider in the kubeconfig. kubectl 1.26 and newer read no auth-provider: a credential plugin has replaced it.',
    {
      hint:
        user === undefined
          ? 'Name a command: "kubectl oidc-login help" lists them. In a kubeconfig it is get-token.'
          : `Convert the user "${printable(user)}": ${conversion(user, options)}`,
    },
  )
}

function conversion(user: string, options: OptionValues | undefined): string {
  const kubeconfig = options?.text('kubeconfig')
  return [
    'kubectl oidc-login setup --from-auth-provider',
    shellWord(`--user=${user}`),
    ...(kubeconfig === undefined ? [] : [shellWord(`--kubeconfig=${kubeconfig}`)]),
  ].join(' ')
}

function optionsIn(
  { env }: System,
  table: readonly OptionSpec[],
  args: readonly string[],
): OptionValues | undefined {
  const command = addOptions(new Command(), table, env)
    .allowUnknownOption()
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  try {
    command.parse([...args], { from: 'user' })
    return optionValues(command)
  } catch {
    return undefined
  }
}

/** The user whose tokens kubelogin would renew; undefined as well for a kubeconfig that is damaged. */
function authProviderUser(system: System, options: OptionValues | undefined): string | undefined {
  try {
    const files = kubeconfigFiles(system, options?.text('kubeconfig'))
    const { users, contexts, currentContext } = readKubeconfig(system, files)
    const context = options?.text('context') ?? currentContext
    const name = options?.text('user') ?? contexts.find((one) => one.name === context)?.user
    return users.find((one) => one.name === name && one.authProvider?.name === 'oidc')?.name
  } catch (error) {
    if (error instanceof OidcLoginError) return undefined
    throw error
  }
}
