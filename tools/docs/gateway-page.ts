import {
  type GatewayCommand,
  type GatewayOption,
  gatewayVariable,
} from '../../src/gateway/commands/index.ts'

/** The reference of the gateway's program as Markdown: `docs/reference/oidc-gateway.md`. */
export function gatewayPage(commands: readonly GatewayCommand[]): string {
  const list = commands.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${summary} |`)
  return [
    `# oidc-gateway

<!-- Written by "npm run docs" from the option tables in src/gateway/commands. -->

| command | what it does |
| --- | --- |
${list.join('\n')}

Each option can also be set by the environment variable that stands below its name; the command line wins. [The
gateway](../gateway.md) is the guide, [its configuration](../gateway-configuration.md) lists every field.`,
    ...commands.map(section),
  ].join('\n\n')
}

function section({ name, summary, options, argument, examples }: GatewayCommand): string {
  const rows = options.map((option) => `| ${nameCell(option)} | ${textOf(option)} |`)
  return [
    `## ${name}`,
    sentence(summary),
    `\`\`\`sh\n${examples.map((line) => line.replaceAll('\n      ', '\n  ')).join('\n')}\n\`\`\``,
    ...(argument ? [`\`${argument.name}\`: ${argument.description}.`] : []),
    ...(rows.length > 0
      ? [`| option | what it does |\n| --- | --- |\n${rows.join('\n')}`]
      : ['It has no options.']),
  ].join('\n\n')
}

function nameCell(option: GatewayOption): string {
  const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`
  return `\`--${option.name}\`${value}<br>\`${gatewayVariable(option)}\``
}

function textOf({ description, choices, byDefault, isRepeatable }: GatewayOption): string {
  return [
    sentence(cell(description)),
    ...(choices ? [`One of ${choices.map((choice) => `\`${choice}\``).join(', ')}.`] : []),
    ...(byDefault === undefined ? [] : [`Default \`${byDefault}\`.`]),
    ...(isRepeatable ? ['May be repeated.'] : []),
  ].join(' ')
}

/** A pipe would end the cell, and a `<` would begin an HTML element. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function sentence(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`
}
