import { resolve } from 'node:path'
import { OidcLoginError } from '../../errors.ts'
import type { System } from '../../system/index.ts'
import { celLanguage } from '../claims/index.ts'
import { loadConfiguration } from '../config/index.ts'
import { type Imported, type ImportNote, importAmbassador, importFlags } from '../import/index.ts'
import { readText } from '../server/index.ts'
import type { GatewayOptionValues } from './command-spec.ts'

/**
 * `import`: writes a configuration to stdout that does what another gateway did, and to stderr what was
 * weak there, what is left to fill in, and what has no counterpart.
 *
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`
 */
export function importConfiguration(
  system: System,
  options: GatewayOptionValues,
  args: readonly string[],
): void {
  const imported = read(system, options.text('from') ?? 'ambassador', args)
  system.terminal.stdout(imported.text)
  for (const kind of ['todo', 'weakness', 'dropped'] as const) tell(system, imported.notes, kind)
  tellRefusal(system, imported.text)
}

/** The other gateway may have done what this one does not do unless somebody answers for it. */
function tellRefusal(system: System, text: string): void {
  try {
    loadConfiguration(resolve('imported'), { files: system.files, language: celLanguage, text })
  } catch (error) {
    if (!(error instanceof OidcLoginError)) throw error
    system.terminal.stderr(`\nAs it stands, "serve" refuses it:\n  ${error.message}`)
  }
}

function read(system: System, from: string, args: readonly string[]): Imported {
  if (args.length === 0) {
    throw new OidcLoginError('usage_invalid', 'There is nothing to import.', {
      hint:
        from === 'ambassador'
          ? 'Give the files with Filter, FilterPolicy, Mapping and TLSContext.'
          : `Give the flags of ${from} after "--".`,
    })
  }
  if (from === 'kube-oidc-proxy' || from === 'kube-apiserver') {
    return importFlags(args, from, (path) => readIfPossible(system, path))
  }
  return importAmbassador(args.map((file) => ({ file, text: readText(system, resolve(file)) })))
}

function readIfPossible(system: System, path: string): string | undefined {
  try {
    return readText(system, resolve(path))
  } catch {
    return undefined
  }
}

const headings: Readonly<Record<ImportNote['kind'], string>> = {
  todo: 'To fill in:',
  weakness: 'What was weak, and is not any more:',
  dropped: 'What has no counterpart:',
}

function tell(system: System, notes: readonly ImportNote[], kind: ImportNote['kind']): void {
  const chosen = notes.filter((note) => note.kind === kind)
  if (chosen.length === 0) return
  system.terminal.stderr(`\n${headings[kind]}`)
  for (const { source, message } of chosen) system.terminal.stderr(`  ${source}\n    ${message}`)
}
