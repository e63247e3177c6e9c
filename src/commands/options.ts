import { type Command, InvalidArgumentError, Option } from 'commander'
import type { System } from '../system/index.ts'
import { givenOptions, type OptionSource, type OptionValues } from './given-options.ts'
import { defaultOf, parserOf } from './option-parser.ts'
import { environmentVariable, type OptionSpec } from './option-spec.ts'
import { InvalidValue } from './option-values.ts'

/**
 * Gives a command the options of a table.
 *
 * @param env variables of this process that set an option when the command line does not; an empty
 *   one is as good as none
 */
export function addOptions(
  command: Command,
  table: readonly OptionSpec[],
  env: System['env'],
): Command {
  for (const spec of table) {
    const variable = environmentVariable(spec)
    command.addOption(env[variable] ? toOption(spec).env(variable) : toOption(spec))
  }
  return command
}

/** Reads the options of a command that has been parsed. */
export function optionValues(command: Command): OptionValues {
  return givenOptions(
    (name) => command.getOptionValue(attributeName(name)),
    (name) => sources.get(command.getOptionValueSource(attributeName(name)) ?? ''),
  )
}

/** commander's names of what is not a default. */
const sources: ReadonlyMap<string, OptionSource> = new Map([
  ['cli', 'command line'],
  ['env', 'environment'],
])

function toOption(spec: OptionSpec): Option {
  const option = new Option(flagsOf(spec), spec.description).helpGroup(spec.group)
  if (spec.isHidden) option.hideHelp()
  if (spec.choices) option.choices(spec.choices)
  else option.argParser(complaining(parserOf(spec)))
  if (spec.kind === 'flag') option.preset('true')
  if (spec.byDefault !== undefined) option.default(defaultOf(spec), spec.byDefault)
  return option
}

/** commander tells its own kind of error together with the option. */
function complaining(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw error instanceof InvalidValue ? new InvalidArgumentError(error.message) : error
    }
  }
}

function flagsOf(spec: OptionSpec): string {
  const short = spec.short ? `-${spec.short}, ` : ''
  return `${short}--${spec.name} ${spec.kind === 'flag' ? '[bool]' : `<${placeholder[spec.kind]}>`}`
}

const placeholder: Readonly<Record<Exclude<OptionSpec['kind'], 'flag'>, string>> = {
  text: 'value',
  list: 'values',
  array: 'value',
  map: 'name=value',
  seconds: 'seconds',
  level: 'level',
}

/** commander stores `--oidc-client-id` as `oidcClientId`. */
function attributeName(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
