import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BoundProcess, startBound } from '../../../e2e/bound-process.ts'
import { type Usage, usageOf } from '../processes.ts'

/** A server in processes of its own. */
export interface Running {
  /** TCP port of 127.0.0.1. */
  readonly port: number
  /** What all its processes have used so far. */
  usage(): Usage
  stop(): Promise<void>
}

/** How a server is started. */
export interface ServerOptions {
  /** For messages, and for the name of its log. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where stdout and stderr go. */
  readonly log: string
}

/** Longer than a busy machine takes. */
const patienceMs = 60_000

/**
 * Starts a server and waits for the port at which it listens.
 *
 * @param portOf looks whether it is ready, and where, in what it has written so far; undefined as long as it is not
 */
export async function startServer(
  { name, command, args, log }: ServerOptions,
  portOf: (said: string) => Promise<number | undefined>,
): Promise<Running> {
  const output = openSync(log, 'a', 0o600)
  const program = startBound(command, args, { output })
  closeSync(output)
  const said = (): string => readFileSync(log, 'utf8')
  const deadline = Date.now() + patienceMs
  for (;;) {
    const port = await portOf(said())
    if (port !== undefined) return running(program, port)
    const hasEnded = program.child.exitCode !== null
    if (hasEnded || Date.now() > deadline) {
      await program.stop()
      throw new Error(`${name} ${hasEnded ? 'ended' : 'is not ready'}: ${said().slice(-2000)}`)
    }
    await sleep(50)
  }
}

function running({ child: { pid = 0 }, stop }: BoundProcess, port: number): Running {
  return { port, usage: () => usageOf(pid), stop }
}

/** Whether somebody listens at a port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isOpen = await new Promise<boolean>((done) => {
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
  socket.destroy()
  return isOpen
}
