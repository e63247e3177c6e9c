import type { CommandSpec } from './command-spec.ts'
import type { OptionSpec } from './option-spec.ts'

/**
 * Moves the name of the command to the front: int128/kubelogin takes options before it, too
 * (`-v=1 get-token …`), and so do kubeconfigs that were written for it.
 *
 * @param args command line without the program's own name
 * @returns the same words; unchanged when none of them is a command
 */
export function commandFirst(
  args: readonly string[],
  commands: readonly CommandSpec[],
  commonOptions: readonly OptionSpec[],
): readonly string[] {
  if (!args[0]?.startsWith('-')) return args
  const options = [...commonOptions, ...commands.flatMap((command) => command.options)]
  const at = indexOfFirstWord(args, options)
  const name = args[at]
  if (name === undefined || !commands.some((command) => command.name === name)) return args
  return [name, ...args.slice(0, at), ...args.slice(at + 1)]
}

function indexOfFirstWord(args: readonly string[], options: readonly OptionSpec[]): number {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (word === '--') return -1
    if (!word.startsWith('-')) return index
    if (takesNextWord(word, options)) index += 1
  }
  return -1
}

function takesNextWord(word: string, options: readonly OptionSpec[]): boolean {
  const option = options.find(({ name, short }) => word === `--${name}` || word === `-${short}`)
  return option !== undefined && option.kind !== 'flag'
}
