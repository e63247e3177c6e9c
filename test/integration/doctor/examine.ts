import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { pluginCommand } from '../../world/plugin-command.ts'
import type { Computer } from '../../world/world.ts'

/** What one check said. */
export interface Said {
  readonly name: string
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly message: string
  readonly remedy?: string
  readonly details?: readonly string[]
}

/** What the doctor said. */
export interface Examination {
  readonly exitCode: number | null
  readonly stderr: string
  readonly verdict: string
  /** What was examined. */
  readonly subject: Readonly<Record<string, unknown>>
  readonly checks: readonly Said[]
  /** The finding of one check. */
  of(name: string): Said
}

/**
 * Calls the doctor with `-o json`. Fails the test when a token was printed. Nothing is on the PATH
 * unless `env` says so: a kubectl of this computer may be slow, and is not under test.
 */
export async function examine(
  computer: Computer,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Examination> {
  const { exitCode, stdout, stderr } = await computer.run(['doctor', ...args, '-o', 'json'], {
    env: { PATH: temporaryFolder(), ...env },
  })
  expect(/eyJ[\w-]{8,}|[?&](?:code|state|nonce|code_challenge)=/.test(stdout), 'a secret').toBe(
    false,
  )
  const answer: Pick<Examination, 'verdict' | 'checks'> & { version: number } = JSON.parse(stdout)
  const { version: _, verdict, checks, ...subject } = answer
  return {
    exitCode,
    stderr,
    verdict,
    subject,
    checks,
    of(name) {
      const found = checks.find((said) => said.name === name)
      if (found === undefined) throw new Error(`there is no check ${name}`)
      return found
    },
  }
}

/** A folder for the PATH with this plugin in it, as npm installs it. */
export function folderWithPlugin(): string {
  const folder = temporaryFolder()
  symlinkSync(pluginCommand.at(-1) ?? '', join(folder, 'kubectl-oidc_login'))
  return folder
}

/** Puts a shell script into a folder. */
export function addScript(folder: string, name: string, lines: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(folder, name), 0o755)
}

/** What kubectl prints of itself. */
export function kubectlVersion(version: string): string {
  return `echo '{"clientVersion": {"gitVersion": "${version}"}}'`
}
