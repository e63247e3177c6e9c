/**
 * Makes a fresh clone ready: installs the dependencies when they are missing or older than the lock
 * file, and builds. Every npm script that needs either begins with it, so nobody has to know.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const marker = 'node_modules/.installed-lock'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`)
  process.exit(1)
}

const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
const installed = existsSync(marker) ? readFileSync(marker, 'utf8') : ''
if (installed !== wanted) {
  console.error('Installing the dependencies (npm ci) ...')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(marker, wanted)
}
run(process.execPath, ['tools/build.mjs'])

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const isWindowsScript = process.platform === 'win32' && command === 'npm'
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], shell: isWindowsScript })
  if (status !== 0) {
    console.error(`"${command} ${args.join(' ')}" failed.`)
    process.exit(status ?? 1)
  }
}
