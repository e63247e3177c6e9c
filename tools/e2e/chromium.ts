import { installFromDebian } from './debian.ts'
import type { Found } from './found.ts'
import { isExecutable, onPath } from './on-path.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Finds Chromium: `$CHROMIUM`, the PATH, or Debian's package where it may be installed. */
export function findChromium(): Found {
  const given = process.env.CHROMIUM
  const path = given ?? onPath(names) ?? elsewhere.find(isExecutable) ?? installed()
  if (path) return { kind: 'found', path }
  return { kind: 'missing', reason: 'install Chromium, or name it with CHROMIUM=/path' }
}

function installed(): string | undefined {
  installFromDebian(['chromium'])
  return onPath(names)
}
