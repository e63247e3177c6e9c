import { basename } from 'node:path'
import { Command, CommanderError } from 'commander'
import type { ExecEntry } from '../kubeconfig/index.ts'
import { invalidUsage } from '../usage-error.ts'
import { getTokenOptions } from './get-token-options.ts'
import type { OptionValues } from './given-options.ts'
import { environmentVariable } from './option-spec.ts'
import { commonOptions } from './option-table.ts'
import { addOptions, optionValues } from './options.ts'

/** How an entry's arguments are read. */
export interface Reading {
  /** Whether what `get-token` would refuse is refused. */
  readonly isStrict: boolean
}

/**
 * Whether an `exec` entry calls `get-token` of this plugin, or of int128/kubelogin, under whatever name.
 * Other plugins have a `get-token`, too.
 */
export function isGetTokenCall({ command, args, env }: ExecEntry): boolean {
  if (!args.includes('get-token')) return false
  return (
    args[0] === 'oidc-login' ||
    pluginName.test(basename(command)) ||
    args.some((text) => text.startsWith('--oidc-')) ||
    Object.keys(env).some((name) => name.startsWith(environmentVariable({ name: 'oidc-' })))
  )
}

/**
 * Reads the options of an `exec` entry as `get-token` would: its arguments, and below them the
 * environment variables that the entry sets.
 *
 * @throws OidcLoginError `usage_invalid`, without any value
 */
export function entryOptions(entry: ExecEntry, { isStrict }: Reading): OptionValues {
  const table = [...getTokenOptions, ...commonOptions]
  const complaints: string[] = []
  const command = addOptions(new Command(), table, {})
    .allowUnknownOption(!isStrict)
    .allowExcessArguments(!isStrict)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: (text) => complaints.push(text), writeOut: () => undefined })
  const ofEnvironment = table.flatMap((option) => {
    const value = entry.env[environmentVariable(option)]
    return value ? [`--${option.name}=${value}`] : []
  })
  try {
    command.parse([...ofEnvironment, ...ownArguments(entry)], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw invalidUsage('kubectl oidc-login', complaints, error)
    throw error
  }
  return optionValues(command)
}

const pluginName = /oidc[-_]login/

/** The arguments without the command: options may stand before it, behind the name of the plugin. */
function ownArguments({ command, args }: ExecEntry): readonly string[] {
  const at = args.indexOf('get-token')
  const before = args.slice(0, at)
  const named = before.findLastIndex(
    (word) => !word.startsWith('-') && pluginName.test(basename(word)),
  )
  const isNamed = named >= 0 || pluginName.test(basename(command))
  return [...(isNamed ? before.slice(named + 1) : []), ...args.slice(at + 1)]
}
