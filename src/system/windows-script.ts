import type { CommandLine } from './browser-command.ts'

/** Whether a program is a batch file, which Windows only runs through its shell. */
export function isBatchFile(program: string): boolean {
  return /\.(?:cmd|bat)$/i.test(program)
}

/**
 * Makes the arguments with which `cmd.exe` runs a batch file, to be handed over verbatim. Everything
 * stands in quotes, where only `"` and `%` mean something to `cmd.exe`: a `"` is doubled, and before
 * each `%` an empty expansion keeps it from naming a variable, whose value a provider could otherwise
 * put into its own URL.
 *
 * @throws Error when a word holds a line break or a NUL, which cannot be handed over
 */
export function batchFileArguments({ program, args }: CommandLine): string[] {
  const words = [program, ...args].map(quote)
  return ['/e:ON', '/v:OFF', '/d', '/s', '/c', `"${words.join(' ')}"`]
}

function quote(word: string): string {
  if (/[\r\n\0]/.test(word)) throw new Error('the command holds a line break')
  return `"${word.replaceAll('"', '""').replaceAll('%', '%%cd:~,%')}"`
}
