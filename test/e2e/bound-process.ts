import { type ChildProcess, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/** A signal, as `kill` names it. STOP halts a program, CONT lets it go on. */
export type Signal = 'TERM' | 'KILL' | 'HUP' | 'STOP' | 'CONT'

/** A program that ends when we end, however that happens. */
export interface BoundProcess {
  /** The shell that watches over it; it ends with the program, and as the program did. */
  readonly child: ChildProcess
  /** Sends the program a signal. */
  send(signal: Signal): void
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>
  /** Ends the program and waits for its end. */
  stop(): Promise<void>
}

/** How the program is run. */
export interface BoundProcessOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Where stdout and stderr go: a file descriptor, or a pipe. */
  readonly output: number | 'pipe'
}

/**
 * The other end of the pipe is ours alone: it closes with our last breath, also after a `kill -9`. Until
 * then it carries names of signals. A program that does not end when it is told to, as an API server
 * without etcd, is ended.
 */
const script = `
"$0" "$@" 3<&- &
program=$!
{
  while read -r signal; do kill -s "$signal" $program; done
  kill $program
  kill -s CONT $program
  sleep 10
  kill -s KILL $program
} <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $program
status=$?
kill $watcher 2>/dev/null
exit $status
`

/** Starts a program whose life is bound to ours, on a POSIX system. */
export function startBound(
  path: string,
  args: readonly string[],
  { env, output }: BoundProcessOptions,
): BoundProcess {
  const child = spawn('sh', ['-c', script, path, ...args], {
    stdio: ['ignore', output, output, 'pipe'],
    // Ctrl-C at the terminal is for us, who end our programs in our own order.
    detached: true,
    ...(env === undefined ? {} : { env }),
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const signals = child.stdio[3] as Writable
  // It may have ended on its own.
  signals.on('error', () => undefined)
  return {
    child,
    send: (signal) => void signals.write(`${signal}\n`),
    ended,
    stop: async () => {
      signals.destroy()
      await ended
    },
  }
}
