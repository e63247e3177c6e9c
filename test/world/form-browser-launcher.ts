import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Settings that a form browser has when the environment does not say otherwise. */
export interface FormBrowserOptions {
  /** Typed into the login form. */
  readonly username?: string
  /** Typed into the login form. */
  readonly password?: string
  /** Path of the provider's certificate authority. */
  readonly caPath?: string
  /** Path of a file that gets one line, the URL without its query, for each page opened. */
  readonly logPath?: string
  /** Whether Cancel is pressed. */
  readonly cancel?: boolean
}

/**
 * Writes an executable that can be given as `--browser-command`: it takes a URL as its only
 * argument and signs in there without a window.
 *
 * @param folder existing folder that gets the files
 * @returns path of the executable
 */
export async function createFormBrowser(
  folder: string,
  options: FormBrowserOptions = {},
): Promise<string> {
  const program = join(folder, 'form-browser.cjs')
  await build({
    entryPoints: [fileURLToPath(new URL('form-browser.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    banner: {
      js: `process.env = { ...${JSON.stringify(environmentOf(options))}, ...process.env }`,
    },
  })
  const isWindows = process.platform === 'win32'
  const launcher = join(folder, isWindows ? 'form-browser.cmd' : 'form-browser')
  writeFileSync(launcher, isWindows ? windowsLauncher(program) : posixLauncher(program))
  chmodSync(launcher, 0o755)
  return launcher
}

function environmentOf(options: FormBrowserOptions): Record<string, string | undefined> {
  return {
    FORM_BROWSER_USERNAME: options.username,
    FORM_BROWSER_PASSWORD: options.password,
    FORM_BROWSER_CA: options.caPath,
    FORM_BROWSER_LOG: options.logPath,
    FORM_BROWSER_CANCEL: options.cancel ? '1' : undefined,
  }
}

/** `#!` can hold neither a path with a space nor a long one, so Node is not named there. */
function posixLauncher(program: string): string {
  return `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(program)} "$1"\n`
}

function windowsLauncher(program: string): string {
  return `@"${process.execPath}" "${program}" %*\r\n`
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
