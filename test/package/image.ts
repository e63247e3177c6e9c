import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { copiesOf, type Stage } from './containerfile.ts'

/** Where the build stage works. */
const workFolder = '/src'

/**
 * Does what the build stage does, without a container: its files alone, the packages that are installed
 * here, and its last command.
 *
 * @param folder empty
 */
export function runBuildStage(stage: Stage, folder: string): void {
  for (const { sources, target } of copiesOf(stage)) copyAll('.', sources, folder, target)
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir')
  const command = stage.instructions.findLast(({ name }) => name === 'RUN')?.text ?? ''
  const [program = '', ...args] = command.split(' ')
  const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`"${command}" failed: ${stderr}`)
}

/**
 * Puts the files of the last stage together. Nobody but their owner may change them.
 *
 * @param built the folder of the build stage
 * @param folder empty
 */
export function fillFinalStage(stage: Stage, built: string, folder: string): void {
  for (const { from, sources, target } of copiesOf(stage)) {
    const names = sources.map((source) => source.replace(`${workFolder}/`, ''))
    copyAll(from === undefined ? '.' : built, names, folder, target)
  }
  open(folder)
}

/** A folder below which everybody may read everything, and nobody but the owner write. */
export function open(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
  }
}

/** As `COPY` does it: a name that ends with a slash is a folder. Tests are kept out by `.dockerignore`. */
function copyAll(from: string, sources: readonly string[], folder: string, target: string): void {
  for (const source of sources) {
    const place = target.endsWith('/')
      ? join(folder, target, basename(source))
      : join(folder, target)
    mkdirSync(dirname(place), { recursive: true })
    cpSync(join(from, source), place, {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    })
  }
}

/** Runs a program of the image as its user, where we may become another one. */
export function startAsUser(args: readonly string[], user: string): ChildProcess {
  const [uid = 0, gid = 0] = user.split(':').map(Number)
  const child = spawn(process.execPath, args, {
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Every file below a folder, with what it holds. */
export function contentsOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path, readFileSync(path, 'latin1')]),
  )
}
