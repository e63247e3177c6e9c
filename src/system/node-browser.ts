import type { ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { markChildren } from './ancestry.ts'
import type { Browser } from './browser.ts'
import { browserCommandLine, type CommandLine, environmentBrowsers } from './browser-command.ts'
import { batchFileArguments, isBatchFile } from './windows-script.ts'

/** How long an opener is watched: one that fails does so at once, one that stays is the browser. */
const watchMs = 1_500

const surroundings = { platform: process.platform, isFile }

/**
 * Opens pages with the program that the user names, with those of `$BROWSER`, or with the `open`
 * package. `open` resolves before its helper has failed (a missing handler ends with exit code 3 some
 * 50 ms later), so the exit code is watched here.
 */
export const nodeBrowser: Browser = {
  async open(url, how = {}) {
    markChildren()
    if (how.command) {
      await watch(await run(browserCommandLine(how.command, url, surroundings)))
      return
    }
    const { BROWSER } = process.env
    if (BROWSER && (await openFirst(environmentBrowsers(BROWSER, url, surroundings)))) return
    const { default: open } = await import('open')
    await watch(await open(url))
  },
}

async function openFirst(commands: readonly CommandLine[]): Promise<boolean> {
  for (const command of commands) {
    try {
      await watch(await run(command))
      return true
    } catch {
      // The list holds programs that may be missing here; the next one is tried.
    }
  }
  return false
}

async function run(command: CommandLine): Promise<ChildProcess> {
  const { spawn } = await import('node:child_process')
  // stdout belongs to the ExecCredential; whoever reads our stderr to its end must not wait for the
  // browser, and Ctrl-C is not meant for it.
  const options = { stdio: 'ignore', detached: true, windowsHide: true } as const
  if (process.platform === 'win32' && isBatchFile(command.program)) {
    const shell = process.env.ComSpec ?? 'cmd.exe'
    return spawn(shell, batchFileArguments(command), { ...options, windowsVerbatimArguments: true })
  }
  return spawn(command.program, command.args, options)
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    // A whole command is longer than a name may be (ENAMETOOLONG), or names what we may not look at.
    return false
  }
}

async function watch(opener: ChildProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (code === 0) resolve()
        else reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`))
      }
      // On Windows `open` itself waits for its helper, so it may have ended already.
      if (opener.exitCode !== null) ended(opener.exitCode, opener.signalCode)
      timer = setTimeout(resolve, watchMs)
      opener.once('error', reject)
      opener.once('exit', ended)
    })
  } finally {
    clearTimeout(timer)
    opener.removeAllListeners()
    // A browser that is closed with an error later must not end this program.
    opener.on('error', () => undefined)
    opener.unref()
  }
}
