import {
  type CommandSpec,
  environmentVariable,
  type OptionKind,
  type OptionSpec,
} from '../../src/commands/index.ts'
import { kubeloginFlags } from '../kubelogin-flags.ts'

/** What the page is made from. */
export interface CommandTables {
  readonly commands: readonly CommandSpec[]
  /** Options of every command. */
  readonly commonOptions: readonly OptionSpec[]
}

const syntax: Readonly<Record<OptionKind, string>> = {
  text: 'one value; when it is given twice, the last one counts',
  list: 'may be repeated, and each value may hold several, separated by commas: `a,b`. A comma inside a value is written in quotes: `"a,b"`',
  array: 'may be repeated; a comma belongs to the value',
  map: '`name=value`; may be repeated. With exactly one `=` the whole text is one pair, commas and all; with more, it is a list of pairs separated by commas: `a=1,b=2`',
  flag: 'on when it is given; `=true` and `=false` say so',
  seconds: 'a whole number of seconds',
  level: 'a number',
}

/**
 * The reference of the command line as Markdown: `docs/reference/cli.md`. A command whose options
 * are also options of the first command names them and shows only its own.
 */
export function cliPage(tables: CommandTables): string {
  const commonOptions = shown(tables.commonOptions)
  const commands = tables.commands.map((one) => ({ ...one, options: shown(one.options) }))
  const [first, ...others] = commands
  if (first === undefined) return ''
  return [
    introduction(commands),
    section(first, [], first.name),
    ...others.map((command) => section(command, first.options, first.name)),
    `## Every command\n\n${table(commonOptions, 'get-token')}`,
  ].join('\n\n')
}

function shown(options: readonly OptionSpec[]): OptionSpec[] {
  return options.filter(({ isHidden }) => !isHidden)
}

function introduction(commands: readonly CommandSpec[]): string {
  const list = commands.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${summary} |`)
  const kinds = Object.entries(syntax).map(([kind, text]) => `| ${kind} | ${text} |`)
  return `# Command line

<!-- Written by "npm run docs" from the option tables in src/commands. -->

| command | what it does |
| --- | --- |
${list.join('\n')}

Each option can also be set by the environment variable that stands below its name; the command line wins. The
variable takes the same text as the option; an empty one is as good as none.

| values | how they are written |
| --- | --- |
${kinds.join('\n')}

**K** marks what int128/kubelogin 1.36 has under the same name; [Migrating from kubelogin](../migrating-from-kubelogin.md)
tells what differs.`
}

function section(
  command: CommandSpec,
  inherited: readonly OptionSpec[],
  inheritedFrom: string,
): string {
  const isInherited = (option: OptionSpec) => inherited.some((other) => isSame(option, other))
  const shared = command.options.filter(isInherited)
  const own = command.options.filter((option) => !isInherited(option))
  const groups = [...new Set(own.map(({ group }) => group))]
  return [
    `## ${command.name}`,
    `${sentence(command.summary)}`,
    `\`\`\`sh\n${command.examples.join('\n')}\n\`\`\``,
    ...(command.argument ? [argumentLine(command.argument)] : []),
    ...(shared.length > 0 ? [sharedLine(shared, inherited, inheritedFrom)] : []),
    ...groups.map((group) => {
      const options = own.filter((option) => option.group === group)
      return `**${group.replace(/:$/, '')}**\n\n${table(options, command.name)}`
    }),
  ].join('\n\n')
}

/** Commands mark what is mandatory for them in the description. */
function isSame(one: OptionSpec, other: OptionSpec): boolean {
  return one.name === other.name && one.kind === other.kind && one.byDefault === other.byDefault
}

function argumentLine({
  name,
  choices,
  description,
  isOptional,
}: NonNullable<CommandSpec['argument']>): string {
  const form = isOptional ? `[${name}]` : `<${name}>`
  return `\`${form}\`: ${description}${choices.length > 0 ? ` (${words(choices)})` : ''}.`
}

function sharedLine(
  shared: readonly OptionSpec[],
  inherited: readonly OptionSpec[],
  from: string,
): string {
  const link = `[\`${from}\`](#${from})`
  if (shared.length === inherited.length) return `It takes all options of ${link}.`
  const names = shared.map(({ name }) => `\`--${name}\``)
  const missing = inherited.filter((option) => !shared.some((other) => isSame(option, other)))
  return missing.length * 3 < shared.length
    ? `It takes the options of ${link} but ${missing.map(({ name }) => `\`--${name}\``).join(', ')}.`
    : `It takes these options of ${link}: ${names.join(', ')}.`
}

function table(options: readonly OptionSpec[], command: string): string {
  const rows = options.map((option) => {
    const mark = isOfKubelogin(option, command) ? 'K' : ''
    const text = [sentence(cell(option.description)), ...valueTexts(option)].join(' ')
    return `| ${nameCell(option)} | ${text} | ${mark} |`
  })
  return `| option | what it does | |\n| --- | --- | --- |\n${rows.join('\n')}`
}

function nameCell(option: OptionSpec): string {
  const short = option.short === undefined ? '' : `\`-${option.short}\`, `
  return `${short}\`--${option.name}\` ${option.kind}<br>\`${environmentVariable(option)}\``
}

function valueTexts({ choices, byDefault }: OptionSpec): string[] {
  return [
    ...(choices ? [`One of ${words(choices)}.`] : []),
    ...(byDefault === undefined ? [] : [`Default \`${byDefault}\`.`]),
  ]
}

function isOfKubelogin(option: OptionSpec, command: string): boolean {
  return kubeloginFlags.some(
    ({ name, commands }) => name === option.name && commands.some((one) => one === command),
  )
}

function words(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(', ')
}

/** A pipe would end the cell, and a `<` would begin an HTML element. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`
}
