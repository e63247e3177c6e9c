import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isExecutable, onPath } from './on-path.ts'

/** What is built of a Go module that another one names by a `tool` or `require` directive. */
export interface GoProgram {
  /** Name of the program. */
  readonly name: string
  /** Folder of the `go.mod` that pins it. */
  readonly folder: string
  /** Import path. */
  readonly package: string
  /** Variables that are set in it, `<import path>.<name>=<value>`. */
  readonly variables?: readonly string[]
  /** How long it may take on two cores when nothing of it was built before. */
  readonly duration?: string
}

/**
 * Builds a program once, into `.cache/bin`, and again when what pins it has changed. Undefined without
 * Go, or when the build fails.
 *
 * @param cache the folder `.cache`
 */
export function goBuildOnce(program: GoProgram, cache = resolve('.cache')): string | undefined {
  const file = process.platform === 'win32' ? `${program.name}.exe` : program.name
  const built = join(cache, 'bin', file)
  const marker = `${built}.built-from`
  const origin = originOf(program)
  if (isExecutable(built) && readMarker(marker) === origin) return built
  if (!onPath(['go'])) return undefined
  const duration = program.duration ?? 'some minutes'
  console.log(`Building ${program.name} from its Go module; this takes ${duration} once ...`)
  mkdirSync(join(cache, 'bin'), { recursive: true })
  // Under a name of its own, then renamed: the old one may be running.
  const fresh = `${built}.${process.pid}`
  const flags = ['-s', '-w', ...(program.variables ?? []).flatMap((variable) => ['-X', variable])]
  const { status } = spawnSync(
    'go',
    ['build', '-ldflags', flags.join(' '), '-o', fresh, program.package],
    { cwd: resolve(program.folder), stdio: ['ignore', 'inherit', 'inherit'] },
  )
  if (status !== 0) return undefined
  renameSync(fresh, built)
  writeFileSync(marker, origin)
  return built
}

function readMarker(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** Everything that decides what a build makes, but the version of Go. */
function originOf(program: GoProgram): string {
  const hash = createHash('sha256')
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(program.folder, name)))
  hash.update(JSON.stringify([program.package, program.variables ?? []]))
  return hash.digest('hex')
}
