import { Command, CommanderError, Option } from 'commander'
import { buildInfo } from '../../build-info.ts'
import type { System } from '../../system/index.ts'
import { invalidUsage } from '../../usage-error.ts'
import {
  type GatewayCommand,
  type GatewayOption,
  type GatewayOptionValues,
  type GatewaySystem,
  gatewayVariable,
} from './command-spec.ts'
import { commandTable } from './command-table.ts'

/**
 * Runs the command that the arguments name.
 *
 * @param args command line without the program's own name
 * @throws OidcLoginError `usage_invalid` for arguments that mean nothing, and what the command throws
 */
export async function runGatewayProgram(
  system: GatewaySystem,
  args: readonly string[],
): Promise<void> {
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
    if (error.exitCode !== 0) throw invalidUsage('oidc-gateway', complaints, error)
  }
}

function createProgram(system: GatewaySystem, complain: (text: string) => void): Command {
  const program = new Command('oidc-gateway')
    .description(
      'Verify OpenID Connect tokens in front of a Kubernetes API server, and forward by impersonation.',
    )
    .version(`oidc-gateway ${buildInfo.version}`, '--version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => system.terminal.stdout(text), writeErr: complain })
    .configureHelp({ helpWidth: 100 })
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText(
      'after',
      '\nEvery option of a command can also be set by an environment variable: --upstream-ca is\nOIDC_GATEWAY_UPSTREAM_CA. The command line wins.',
    )
  for (const spec of commandTable) addCommand(system, program, spec)
  return program
}

function addCommand(system: GatewaySystem, program: Command, spec: GatewayCommand): void {
  const command = program
    .command(spec.name)
    .description(`${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.`)
    .summary(spec.summary)
    .addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line}\n`).join('')}`)
  if (spec.argument) command.argument(spec.argument.name, spec.argument.description)
  for (const option of spec.options) command.addOption(toOption(option, system.env))
  command.action(async () => await spec.run(system, valuesOf(command), command.args))
}

function toOption(spec: GatewayOption, env: System['env']): Option {
  const flags = spec.placeholder ? `--${spec.name} <${spec.placeholder}>` : `--${spec.name}`
  const option = new Option(flags, spec.description)
  if (spec.choices) option.choices(spec.choices)
  if (spec.isRepeatable) option.argParser(collect).default([])
  if (spec.byDefault !== undefined) option.default(spec.byDefault)
  const variable = gatewayVariable(spec)
  return env[variable] ? option.env(variable) : option
}

function collect(text: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? before : []), text]
}

function valuesOf(command: Command): GatewayOptionValues {
  const raw = (name: string): unknown =>
    command.getOptionValue(name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()))
  return {
    text(name) {
      const value = raw(name)
      return typeof value === 'string' && value !== '' ? value : undefined
    },
    list(name) {
      const value = raw(name)
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
    },
    // commander keeps --no-x as the opposite of x
    isOn: (name) => (name.startsWith('no-') ? raw(name.slice(3)) === false : raw(name) === true),
  }
}
