/**
 * Makes a fresh clone ready: installs the dependencies when they are missing or older than the lock
 * file, and builds. Every npm script that needs either begins with it, so nobody has to know.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const installedMarker = 'node_modules/.installed-lock'
const builtMarker = 'dist/.built-from'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`)
  process.exit(1)
}

const lock = digest(['package-lock.json'])
if (read(installedMarker) !== lock) {
  console.error('Installing the dependencies (npm ci) ...')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(installedMarker, lock)
}

// Tests may be running in this folder: nothing is built anew under their feet without need.
const sources = digest([
  'package.json',
  'package-lock.json',
  'tools/build.mjs',
  'tools/bundle.mjs',
  'tools/notices.mjs',
  ...filesBelow('src'),
])
if (read(builtMarker) !== sources) {
  run(process.execPath, ['tools/build.mjs'])
  writeFileSync(builtMarker, sources)
}

/** @param {string[]} files */
function digest(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

/** @param {string} folder */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

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
