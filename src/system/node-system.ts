import type { Browser } from './browser.ts'
import { systemClock } from './clock.ts'
import type { Fetch, HttpClient } from './http.ts'
import type { Keychain } from './keychain.ts'
import { keychainName } from './keychain-name.ts'
import { nodeFiles } from './node-files.ts'
import { nodeProcess } from './node-process.ts'
import { nodeTerminal } from './node-terminal.ts'
import { stderrLog } from './stderr-log.ts'
import type { System } from './system.ts'

/**
 * The System of a real process. The doors to the network and the browser are opened only when
 * somebody goes through them.
 *
 * @param interrupted aborted when the user interrupts the program
 */
export function nodeSystem(interrupted: AbortSignal): System {
  return {
    clock: systemClock,
    env: process.env,
    files: nodeFiles,
    http: lazyHttp,
    browser: lazyBrowser,
    keychain: lazyKeychain,
    terminal: nodeTerminal,
    log: stderrLog(0, systemClock, nodeTerminal),
    process: nodeProcess(),
    interrupted,
  }
}

const lazyHttp: HttpClient = {
  connect(options) {
    let fetch: Promise<Fetch> | undefined
    return async (url, init) => {
      fetch ??= import('./node-http.ts').then(({ nodeHttp }) =>
        nodeHttp(process.env).connect(options),
      )
      return await (await fetch)(url, init)
    }
  },
}

const lazyBrowser: Browser = {
  async open(url, how) {
    const { nodeBrowser } = await import('./node-browser.ts')
    await nodeBrowser.open(url, how)
  },
}

const lazyKeychain: Keychain = {
  name: keychainName(process.platform),
  read: async (entry) => await (await keychain()).read(entry),
  write: async (entry, secret) => await (await keychain()).write(entry, secret),
  remove: async (entry) => await (await keychain()).remove(entry),
}

async function keychain(): Promise<Keychain> {
  return (await import('./node-keychain.ts')).nodeKeychain
}
