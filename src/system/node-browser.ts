import type { ChildProcess } from 'node:child_process'
import type { Browser } from './browser.ts'

/** How long an opener is watched: one that fails does so at once, one that stays is the browser. */
const watchMs = 1_500

/**
 * Opens pages with the `open` package, or with the program that the user names.
 * `open` resolves before its helper has failed (a missing handler ends with exit code 3 some 50 ms
 * later), so the exit code is watched here.
 */
export const nodeBrowser: Browser = {
  async open(url, how = {}) {
    const opener = how.command ? await run(how.command, url) : await openDefault(url)
    await watch(opener)
  },
}

async function openDefault(url: string): Promise<ChildProcess> {
  const { default: open } = await import('open')
  return await open(url)
}

async function run(command: string, url: string): Promise<ChildProcess> {
  const { spawn } = await import('node:child_process')
  // stdout belongs to the ExecCredential; whoever reads our stderr to its end must not wait for the
  // browser, and Ctrl-C is not meant for it.
  return spawn(command, [url], { stdio: 'ignore', detached: true, windowsHide: true })
}

async function watch(opener: ChildProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, watchMs)
      opener.once('error', reject)
      opener.once('exit', (code, signal) => {
        if (code === 0) resolve()
        else reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`))
      })
    })
  } finally {
    clearTimeout(timer)
    opener.removeAllListeners()
    // A browser that is closed with an error later must not end this program.
    opener.on('error', () => undefined)
    opener.unref()
  }
}
