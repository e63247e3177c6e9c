import { spawnSync } from 'node:child_process'
import type { Program } from './figure.ts'

/**
 * Asks a program for its version.
 *
 * @param pattern what the version looks like in that which the program prints
 */
export function programVersion(
  name: string,
  path: string,
  args: readonly string[],
  pattern = /v?\d+\.\d+[^\s,)"$]*/,
): Program {
  const { stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' })
  return { name, version: pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0] ?? 'unknown' }
}
