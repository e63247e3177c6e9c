import { Command, CommanderError, type Option } from 'commander'
import { OidcLoginError } from '../errors.ts'
import { type System, stderrLog } from '../system/index.ts'
import { getToken } from './get-token.ts'
import { grantOptions } from './grant-options.ts'
import { logoutOptions } from './logout-options.ts'
import type { OptionSpec } from './option-spec.ts'
import {
  commonOptions,
  providerOptions,
  sessionOptions,
  signInOptions,
  storeOptions,
} from './option-table.ts'
import { addOptions, type OptionValues, optionValues } from './options.ts'

/** A command: its place in the help, its options, and what it does. */
interface CommandSpec {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionSpec[]
  readonly examples: readonly string[]
  run(system: System, options: OptionValues): Promise<void>
}

const provider = '--oidc-issuer-url=https://sso.example.com/realms/demo --oidc-client-id=kubernetes'

/** All commands. Only `get-token` is part of the start-up; the others load when they are called. */
export const commandTable: readonly CommandSpec[] = [
  {
    name: 'get-token',
    summary: 'print a token for kubectl, signing in when there is none',
    options: [
      ...providerOptions,
      ...signInOptions,
      ...grantOptions,
      ...sessionOptions,
      ...storeOptions,
    ],
    examples: [
      `kubectl oidc-login get-token ${provider}`,
      `kubectl oidc-login get-token ${provider} --oidc-extra-scope=email,offline_access`,
    ],
    run: getToken,
  },
  {
    name: 'login',
    summary: 'sign in now and keep the session; print nothing to stdout',
    options: [
      ...providerOptions,
      ...signInOptions,
      ...grantOptions,
      ...sessionOptions,
      ...storeOptions,
    ],
    examples: [`kubectl oidc-login login ${provider}`],
    run: async (system, options) => (await import('./login.ts')).login(system, options),
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
    name: 'version',
    summary: 'print the version',
    options: [],
    examples: ['kubectl oidc-login version'],
    run: async (system) => (await import('./version.ts')).printVersion(system),
  },
]

/**
 * Runs the command that the arguments name.
 *
 * @param args command line without the program's own name
 * @throws OidcLoginError `usage_invalid` for arguments that mean nothing, and what the command throws
 */
export async function runProgram(system: System, args: readonly string[]): Promise<void> {
  const complaints: string[] = []
  const program = createProgram(system, (text) => complaints.push(text))
  if (args.length === 0) {
    program.outputHelp()
    return
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw invalidUsage(complaints, error)
  }
}

/** Builds the command line; `complain` receives what commander says of wrong arguments. */
export function createProgram(system: System, complain: (text: string) => void): Command {
  const program = new Command('kubectl oidc-login')
    .description('Sign in to Kubernetes with OpenID Connect.')
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
  addOptions(command, [...spec.options, ...commonOptions])
  command.addHelpText(
    'after',
    `\nExamples:\n${spec.examples.map((line) => `  ${line}\n`).join('')}`,
  )
  command.action(async () => {
    const options = optionValues(command)
    const log = stderrLog(options.level('v'), system.clock, system.terminal)
    await spec.run({ ...system, log }, options)
  })
}

/**
 * A value may be a secret, also one that was meant for another option (`--oidc-client-secrt=…`), so
 * none is repeated. Only the words that an option allows are.
 */
function withoutValues(complaint: string): string {
  return complaint
    .replace(/(--?[\w-]+)=[\s\S]*'(?=\s*(?:\(Did you mean [^)]*\))?\s*$)/, "$1'")
    .replace(/ argument '[\s\S]*' is invalid\./, ' has an invalid value.')
    .replace(/ value '[\s\S]*' from env '(\w+)' is invalid\./, ' has an invalid value in $1.')
}

function describeOption(option: Option): string {
  const choices = option.argChoices ? ` (${option.argChoices.join(' or ')})` : ''
  const byDefault = option.defaultValueDescription
    ? `, default ${option.defaultValueDescription}`
    : ''
  return `${option.description}${choices}${byDefault}`
}

function invalidUsage(complaints: readonly string[], cause: CommanderError): OidcLoginError {
  const said = withoutValues(complaints.join(' '))
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const sentence = `${said[0]?.toUpperCase() ?? ''}${said.slice(1)}`
  return new OidcLoginError('usage_invalid', sentence.replace(/([^.?)])$/, '$1.'), {
    hint: 'Run "kubectl oidc-login help" for the commands and "kubectl oidc-login help COMMAND" for their options.',
    cause,
  })
}
