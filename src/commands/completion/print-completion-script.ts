import type { System } from '../../system/index.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { powershellScript } from './powershell.ts'
import { type Shell, shells } from './shells.ts'
import { zshScript } from './zsh.ts'

const scripts: Readonly<Record<Shell, string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

/**
 * `completion`: prints the script that a shell has to read.
 *
 * @param name one of {@link shells}; bash for anything else
 */
export function printCompletionScript(
  system: Pick<System, 'terminal'>,
  name: string | undefined,
): void {
  system.terminal.stdout(scripts[shells.find((shell) => shell === name) ?? 'bash'])
}
