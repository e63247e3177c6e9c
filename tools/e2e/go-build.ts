import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
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
}

/** Builds a program once, into `.cache/bin`. Undefined without Go, or when the build fails. */
export function goBuildOnce(program: GoProgram): string | undefined {
  const file = process.platform === 'win32' ? `${program.name}.exe` : program.name
  const built = resolve('.cache', 'bin', file)
  if (isExecutable(built)) return built
  if (!onPath(['go'])) return undefined
  console.log(`Building ${program.name} from its Go module; this takes some minutes once ...`)
  mkdirSync(resolve('.cache', 'bin'), { recursive: true })
  const flags = ['-s', '-w', ...(program.variables ?? []).flatMap((variable) => ['-X', variable])]
  const { status } = spawnSync(
    'go',
    ['build', '-ldflags', flags.join(' '), '-o', built, program.package],
    { cwd: resolve(program.folder), stdio: ['ignore', 'inherit', 'inherit'] },
  )
  return status === 0 ? built : undefined
}
