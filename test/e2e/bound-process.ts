import { type ChildProcess, spawn } from 'node:child_process'

/** A program that ends when we end, however that happens. */
export interface BoundProcess {
  /** The shell that watches over it; it ends with the program, and as the program did. */
  readonly child: ChildProcess
  /** Ends the program and waits for its end. */
  stop(): Promise<void>
}

/** How the program is run. */
export interface BoundProcessOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Where stdout and stderr go: a file descriptor, or a pipe. */
  readonly output: number | 'pipe'
}

/** The other end of the pipe is ours alone: it closes with our last breath, also after a `kill -9`. */
const script = `
"$0" "$@" 3<&- &
program=$!
{ cat <&3 >/dev/null; kill $program 2>/dev/null; } &
exec 3<&-
wait $program
`

/** Starts a program whose life is bound to ours, on a POSIX system. */
export function startBound(
  path: string,
  args: readonly string[],
  { env, output }: BoundProcessOptions,
): BoundProcess {
  const child = spawn('sh', ['-c', script, path, ...args], {
    stdio: ['ignore', output, output, 'pipe'],
    ...(env === undefined ? {} : { env }),
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  return {
    child,
    stop: async () => {
      child.stdio[3]?.destroy()
      await ended
    },
  }
}
