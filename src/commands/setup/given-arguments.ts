import { isAbsolute, resolve } from 'node:path'
import { csvField } from '../../setup/index.ts'
import type { OptionSource, OptionValues } from '../given-options.ts'
import { environmentVariable, type OptionSpec } from '../option-spec.ts'

/** An option whose value is a secret, so that it is left out. */
export interface Withheld {
  readonly name: string
  readonly variable: string
  readonly source: OptionSource
  /** The option that names a file with the secret, when there is one. */
  readonly fileOption: string | undefined
}

/** A call of `get-token` with the options that were given here. */
export interface GivenArguments {
  /** Without secrets; paths are absolute, because kubectl runs in any folder. */
  readonly args: readonly string[]
  readonly withheld: readonly Withheld[]
}

/** Writes down the options that somebody has given, in the order of the table. */
export function givenArguments(
  table: readonly OptionSpec[],
  options: OptionValues,
): GivenArguments {
  const args: string[] = []
  const withheld: Withheld[] = []
  for (const spec of table) {
    const source = options.sourceOf(spec.name)
    if (source === undefined) continue
    const values = valuesOf(spec, options)
    if (!values.some((value) => spec.holdsSecret?.(value))) {
      args.push(...values.map((value) => argument(spec, value)))
      continue
    }
    const fileOption = `${spec.name}-file`
    const hasFile = table.some(({ name }) => name === fileOption)
    withheld.push({
      name: spec.name,
      variable: environmentVariable(spec),
      source,
      fileOption: hasFile ? fileOption : undefined,
    })
  }
  return { args, withheld }
}

function valuesOf({ name, kind }: OptionSpec, options: OptionValues): readonly string[] {
  switch (kind) {
    case 'text':
      return options.text(name) === undefined ? [] : [options.text(name) ?? '']
    case 'list':
    case 'array':
      return options.list(name).filter((value) => value !== '')
    case 'map':
      return Object.entries(options.map(name)).map(([key, value]) => `${key}=${value}`)
    case 'flag':
      return [String(options.flag(name))]
    case 'seconds':
      return [String((options.durationMs(name) ?? 0) / 1000)]
    case 'level':
      return [String(options.level(name))]
  }
}

function argument({ name, kind, holds }: OptionSpec, value: string): string {
  if (kind === 'flag' && value === 'true') return `--${name}`
  if (kind === 'list') return `--${name}=${csvField(value)}`
  // With exactly one "=" the text is taken as a whole; otherwise it is read as a record.
  if (kind === 'map' && value.split('=').length > 2) return `--${name}=${quoted(value)}`
  return `--${name}=${holds === undefined ? value : absolute(value)}`
}

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`
}

/** A leading `~` is left: `get-token` expands it. */
function absolute(path: string): string {
  return isAbsolute(path) || /^~(?:[/\\]|$)/.test(path) ? path : resolve(path)
}
