import { spawnSync } from 'node:child_process'

/** Runs a program to its end, with what it says on stderr. Throws when it fails. */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): void {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
    ...options,
  })
  if (status !== 0) throw new Error(`"${command} ${args.join(' ')}" failed.`)
}
