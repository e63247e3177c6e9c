// Run by the runtime of the executables. Prints what is read of each path on its command line: by system calls alone, and altogether.
import { systemErrorCode } from '../../src/errors.ts'
import { readBounded } from '../../src/system/read-bounded.ts'
import { readBySystemCalls } from '../../src/system/system-calls.ts'

const maxBytes = 1_000

function outcome(read: () => unknown): unknown {
  try {
    return read() ?? 'nothing'
  } catch (error) {
    return error instanceof RangeError ? 'too large' : systemErrorCode(error)
  }
}

/** Throws away whatever nobody holds: what reads must still be there. */
function collect(): void {
  const { Bun: bun } = globalThis as unknown as { readonly Bun: { gc(isForced: boolean): void } }
  bun.gc(true)
}

const outcomes = process.argv.slice(2).map((path) => {
  collect()
  return {
    bySystemCalls: outcome(() => readBySystemCalls(path, maxBytes)),
    altogether: outcome(() => readBounded(path, maxBytes)),
  }
})
process.stdout.write(JSON.stringify(outcomes))
