import {
  type Browser,
  type Clock,
  nodeFiles,
  nodeSystem,
  type System,
} from '../../src/system/index.ts'

/** A System whose clock, browser and terminal are in the hands of a test; the rest is real. */
export interface TestSystem {
  readonly system: System
  /** What was written to stdout so far. */
  stdout(): string
  /** What was written to stderr so far. */
  stderr(): string
  /** URLs that were opened in the browser. */
  readonly opened: readonly string[]
  /** Moves the clock; sleeps that end by then are resolved. */
  advance(durationMs: number): void
  /** Sets the clock as a person does: only the time of day jumps. */
  setClock(byMs: number): void
  /** Interrupts the program as Ctrl-C does. */
  interrupt(reason: Error): void
}

/** What a test wants to be different. */
export interface TestSystemOptions extends Partial<Omit<System, 'terminal' | 'browser' | 'clock'>> {
  /** The first moment of the clock, in milliseconds since the epoch. */
  readonly now?: number
  /** Whether the clock is the real one. */
  readonly realTime?: boolean
  /** What happens when a page is opened. */
  readonly onOpen?: Browser['open']
  /** Lines that a person types. Given, stdin is a terminal. */
  readonly typed?: readonly string[]
  /** Answers to questions, in their order. Given, there is a terminal behind stdin. */
  readonly answers?: readonly string[]
  /** Columns of the terminal that shows stderr; by default there is none. */
  readonly screenWidth?: number
}

/** Makes a System for a test. */
export function testSystem(options: TestSystemOptions = {}): TestSystem {
  const { now, realTime, onOpen, typed, answers, screenWidth, ...doors } = options
  const pending = [...(answers ?? [])]
  const interruption = new AbortController()
  const real = nodeSystem(interruption.signal)
  const clock = fakeClock(now ?? Date.parse('2026-01-01T00:00:00Z'))
  const written = { stdout: '', stderr: '' }
  const opened: string[] = []
  const system: System = {
    ...real,
    env: {},
    files: nodeFiles,
    clock: realTime ? real.clock : clock,
    terminal: {
      stdout: (text) => {
        written.stdout += text
      },
      stderr: (message) => {
        written.stderr += `${message}\n`
      },
      isInteractive: typed !== undefined,
      screenWidth,
      isStdoutColoured: false,
      async *lines() {
        yield* typed ?? []
      },
      ask: async () => pending.shift(),
    },
    browser: {
      async open(url, how) {
        opened.push(url)
        await onOpen?.(url, how)
      },
    },
    ...doors,
  }
  return {
    system,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    opened,
    advance: clock.advance,
    setClock: clock.set,
    interrupt: (reason) => interruption.abort(reason),
  }
}

interface FakeClock extends Clock {
  advance(durationMs: number): void
  set(byMs: number): void
}

interface Sleeper {
  readonly until: number
  wake(): void
}

function fakeClock(start: number): FakeClock {
  let time = 0
  let origin = start
  const sleepers = new Set<Sleeper>()
  return {
    now: () => origin + time,
    elapsed: () => time,
    async sleep(durationMs, signal) {
      signal?.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const wake = (): void => {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        const sleeper: Sleeper = { until: time + durationMs, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', abort, { once: true })
      })
    },
    set(byMs) {
      origin += byMs
    },
    advance(durationMs) {
      time += durationMs
      for (const sleeper of sleepers) {
        if (sleeper.until > time) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
  }
}
