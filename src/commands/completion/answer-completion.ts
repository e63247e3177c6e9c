import type { System } from '../../system/index.ts'
import { type Completion, type CompletionTable, complete } from './candidates.ts'

/** Cobra's directives for the shell, which kubectl understands, too. */
const directives: Readonly<Record<Completion['alsoOffers'], number>> = {
  files: 0,
  nothing: 4,
  folders: 16,
}

/**
 * Answers the completion scripts and, through `kubectl_complete-oidc_login`, kubectl: a line for each
 * candidate, with its description behind a tab, then `:` and the directive.
 *
 * @param words what was typed after the program's name; the last one is being completed
 */
export function answerCompletion(
  system: Pick<System, 'terminal'>,
  table: CompletionTable,
  words: readonly string[],
): void {
  // PowerShell drops an empty argument, so its script sends two quotes, which some versions keep.
  const typed = words.map((word) => (word === '""' ? '' : word))
  const { candidates, alsoOffers } = complete(table, typed)
  const lines = candidates.map(({ text, description }) => `${text}\t${description}\n`)
  system.terminal.stdout(`${lines.join('')}:${directives[alsoOffers]}\n`)
}
