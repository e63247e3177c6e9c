import { Argument, Command, CommanderError, type Option } from 'commander'
import { buildInfo } from '../build-info.ts'
import { OidcLoginError } from '../errors.ts'
import { type System, stderrLog } from '../system/index.ts'
import { invalidUsage } from '../usage-error.ts'
import { commandFirst } from './command-first.ts'
import type { CommandSpec } from './command-spec.ts'
import { shells } from './completion/shells.ts'
import { doctorOptions } from './doctor-options.ts'
import { getToken } from './get-token.ts'
import { getTokenOptions, promptOption } from './get-token-options.ts'
import { logoutOptions } from './logout-options.ts'
import { commonOptions, storeOptions } from './option-table.ts'
import { addOptions, optionValues } from './options.ts'
import { outputOption } from './output-option.ts'
import { setupOptions } from './setup/setup-options.ts'
import { whoamiOptions } from './whoami-options.ts'

const provider = '--oidc-issuer-url=https://sso.example.com/realms/demo --oidc-client-id=kubernetes'

/** All commands. Only `get-token` is part of the start-up; the others load when they are called. */
export const commandTable: readonly CommandSpec[] = [
  {
    name: 'get-token',
    summary: 'print a token for kubectl, signing in when there is none',
    options: getTokenOptions,
    examples: [
      `kubectl oidc-login get-token ${provider}`,
      `kubectl oidc-login get-token ${provider} --oidc-extra-scope=email,offline_access`,
    ],
    run: getToken,
  },
  {
    name: 'login',
    summary: 'sign in now and keep the session; print nothing to stdout',
    options: [...getTokenOptions, promptOption],
    examples: [
      `kubectl oidc-login login ${provider}`,
      `kubectl oidc-login login ${provider} --profile=work --prompt=select_account`,
    ],
    run: async (system, options) => (await import('./login.ts')).login(system, options),
  },
  {
    name: 'whoami',
    summary: 'show the sessions that are kept here and the contexts that use them',
    options: whoamiOptions,
    examples: ['kubectl oidc-login whoami', 'kubectl oidc-login whoami -o json'],
    run: async (system, options) => (await import('./whoami.ts')).whoami(system, options),
  },
  {
    name: 'logout',
    summary: 'revoke the tokens, end the session at the provider and delete it here',
    options: [...logoutOptions, ...storeOptions],
    examples: ['kubectl oidc-login logout', 'kubectl oidc-login logout --all --local'],
    run: async (system, options) => (await import('./logout.ts')).logout(system, options),
  },
  {
    name: 'clean',
    summary: 'delete all sessions here without telling the provider',
    options: storeOptions.filter((option) => option.name === 'token-cache-dir'),
    examples: ['kubectl oidc-login clean'],
    run: async (system, options) => (await import('./clean.ts')).clean(system, options),
  },
  {
    name: 'doctor',
    summary: 'look at everything that a sign-in depends on, and say what to do',
    options: doctorOptions,
    examples: [
      'kubectl oidc-login doctor',
      'kubectl oidc-login doctor --context=staging',
      `kubectl oidc-login doctor ${provider}`,
      `kubectl oidc-login doctor ${provider} -o json`,
    ],
    run: async (system, options) => (await import('./doctor.ts')).doctor(system, options),
  },
  {
    name: 'setup',
    summary: 'sign in and write, or print, what kubectl and the API server need for it',
    argument: {
      name: 'url',
      choices: [],
      isOptional: true,
      description:
        'https://HOST of a server that tells how its cluster is used, such as oidc-gateway',
    },
    options: setupOptions,
    examples: [
      'kubectl oidc-login setup https://gateway.example.com',
      `kubectl oidc-login setup ${provider}`,
      `kubectl oidc-login setup ${provider} --write --dry-run`,
      `kubectl oidc-login setup ${provider} --apiserver > authentication.yaml`,
      `kubectl oidc-login setup ${provider} --rbac | kubectl apply -f -`,
      'kubectl oidc-login setup --from-auth-provider --user=john',
    ],
    run: async (system, options, call) =>
      (await import('./setup/setup.ts')).setup(system, options, call),
  },
  {
    name: 'version',
    summary: 'print the version',
    options: [outputOption],
    examples: ['kubectl oidc-login version', 'kubectl oidc-login version -o json'],
    run: async (system, options) => (await import('./version.ts')).printVersion(system, options),
  },
  {
    name: 'completion',
    summary: 'print the script that completes commands and options in a shell',
    argument: { name: 'shell', choices: shells, description: 'which shell reads the script' },
    options: [],
    examples: [
      'source <(kubectl-oidc_login completion bash)',
      'kubectl-oidc_login completion fish | source',
    ],
    run: async (system, _, { argument }) =>
      (await import('./completion/print-completion-script.ts')).printCompletionScript(
        system,
        argument,
      ),
  },
]

/**
 * Runs the command that the arguments name.
 *
 * @param args command line without the program's own name
 * @throws OidcLoginError `usage_invalid` for arguments that mean nothing, and what the command throws
 */
export async function runProgram(system: System, args: readonly string[]): Promise<void> {
  if (args[0] === '__complete') {
    const { answerCompletion } = await import('./completion/answer-completion.ts')
    answerCompletion(system, { commands: commandTable, commonOptions }, args.slice(1))
    return
  }
  const words = commandFirst(args, commandTable, commonOptions)
  const complaints: string[] = []
  const program = createProgram(system, (text) => complaints.push(text))
  if (isWithoutCommand(words)) {
    const { callWithoutCommand } = await import('./standalone.ts')
    const showHelp = (): void => program.outputHelp()
    callWithoutCommand(system, words, { table: standaloneOptions, showHelp })
    return
  }
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw invalidUsage('kubectl oidc-login', complaints, error)
  }
}

/** What int128/kubelogin takes without a command, and options whose command was forgotten. */
const standaloneOptions = [...setupOptions, ...commonOptions]

function isWithoutCommand([first]: readonly string[]): boolean {
  if (first === undefined) return true
  const name = /^--([^=]+)/.exec(first)?.[1]
  return standaloneOptions.some((option) => option.name === name) || /^-v\d*$/.test(first)
}

/** Builds the command line; `complain` receives what commander says of wrong arguments. */
export function createProgram(system: System, complain: (text: string) => void): Command {
  const program = new Command('kubectl oidc-login')
    .description('Sign in to Kubernetes with OpenID Connect.')
    .version(`kubectl-oidc_login ${buildInfo.version}`, '--version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => system.terminal.stdout(text), writeErr: complain })
    .configureHelp({ optionDescription: describeOption, helpWidth: 100 })
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText(
      'after',
      '\nEvery option of a command can also be set by an environment variable: --oidc-client-id is\nKUBECTL_OIDC_LOGIN_OIDC_CLIENT_ID. The command line wins.',
    )
  for (const spec of commandTable) addCommand(system, program, spec)
  return program
}

function addCommand(system: System, program: Command, spec: CommandSpec): void {
  const command = program
    .command(spec.name)
    .description(`${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.`)
    .summary(spec.summary)
  addOptions(command, [...spec.options, ...commonOptions], system.env)
  command.addHelpText(
    'after',
    `\nExamples:\n${spec.examples.map((line) => `  ${line}\n`).join('')}`,
  )
  if (spec.argument) {
    const { name, description, choices, isOptional } = spec.argument
    const argument = new Argument(isOptional ? `[${name}]` : `<${name}>`, description)
    command.addArgument(choices.length > 0 ? argument.choices(choices) : argument)
  }
  command.action(async () => {
    const options = optionValues(command)
    const log = stderrLog(options.level('v'), system.clock, system.terminal)
    try {
      await spec.run({ ...system, log }, options, {
        argument: command.args[0],
        showHelp: () => command.outputHelp(),
      })
    } catch (error) {
      const code = error instanceof OidcLoginError ? error.code : 'unexpected'
      log.trace(1, () => `failed with the error ${code}`)
      throw error
    }
  })
}

function describeOption(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(' or ')})` : ''
  const byDefault = option.defaultValueDescription
    ? `, default ${option.defaultValueDescription}`
    : ''
  return `${option.description}${choices}${byDefault}`
}
