import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buildInfo } from '../build-info.ts'
import type { System } from './system.ts'
import { batchFileArguments, isBatchFile } from './windows-script.ts'

/** How a program ended. */
export interface ProgramOutcome {
  /** Exit code; undefined when it was not started, or was ended after its time. */
  readonly exitCode: number | undefined
  readonly stdout: string
}

/**
 * Finds a program as kubectl and shells do: every executable file of that name in the folders of the
 * PATH, the one that is run first.
 *
 * @param name without extension; on Windows those of `PATHEXT` are tried
 * @returns absolute paths
 */
export function findPrograms({ env }: Pick<System, 'env'>, name: string): string[] {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '')
  const endings =
    process.platform === 'win32' ? (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';') : ['']
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending.toLowerCase())))
    .filter(isExecutable)
}

/** The file that this process was started from, with all links resolved. */
export function ownProgram(): string | undefined {
  // The script of an executable lies inside of it.
  const file = buildInfo.isExecutable ? process.execPath : process.argv[1]
  return file === undefined ? undefined : realPath(file)
}

/** How this very program is started from anywhere: the program and its first arguments, at least one word. */
export function ownCommand(): string[] {
  const program = ownProgram() ?? 'kubectl-oidc_login'
  // Windows does not start a script by its name.
  return process.platform === 'win32' && /\.[cm]?js$/.test(program)
    ? [process.execPath, program]
    : [program]
}

/** Resolves all links of a path; the path itself when that is refused. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/**
 * Runs a program to its end, without stdin.
 *
 * @param env variables that are added to, or replace, those of this process
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  { env, timeoutMs }: { readonly env?: Record<string, string>; readonly timeoutMs: number },
): Promise<ProgramOutcome> {
  const { execFile } = await import('node:child_process')
  const isScript = process.platform === 'win32' && isBatchFile(program)
  const file = isScript ? (process.env.ComSpec ?? 'cmd.exe') : program
  const words = isScript ? batchFileArguments({ program, args }) : [...args]
  return await new Promise((resolve) => {
    const child = execFile(
      file,
      words,
      {
        encoding: 'utf8',
        env: { ...process.env, ...env },
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        windowsHide: true,
        windowsVerbatimArguments: isScript,
      },
      (error, stdout) => {
        const exitCode =
          error === null ? 0 : typeof error.code === 'number' ? error.code : undefined
        resolve({ exitCode, stdout })
      },
    )
    child.stdin?.end()
  })
}

/** Whether a path leads to a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
