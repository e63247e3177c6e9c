import { credentialApiVersion, interactiveMode } from './exec-entry.ts'
import type { ExecCall } from './plugin-call.ts'

/**
 * The `kubectl config set-credentials` command that writes a user, one word a line, for a POSIX shell.
 *
 * @param user name of the user in the kubeconfig
 */
export function setCredentialsCommand(user: string, { command, args, env }: ExecCall): string {
  const words = [
    `--exec-api-version=${credentialApiVersion}`,
    `--exec-interactive-mode=${interactiveMode}`,
    `--exec-command=${command}`,
    // kubectl reads each of these as a record of comma-separated values.
    ...args.map((arg) => `--exec-arg=${csvField(arg)}`),
    ...Object.entries(env ?? {}).map(([name, value]) => `--exec-env=${name}=${value}`),
  ]
  return [`kubectl config set-credentials ${shellWord(user)}`, ...words.map(shellWord)].join(
    ' \\\n  ',
  )
}

/** Quotes a word for a POSIX shell, when it needs it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Quotes a text so that it stays one field of a record (RFC 4180). */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
