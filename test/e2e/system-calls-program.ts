// Run by the runtime of the executables. Prints what is read of each path on its command line: by system calls alone, and altogether. The
// first word says whether the functions of C are there, are missing, or may not be called.
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

const { Bun: bun } = globalThis as unknown as { readonly Bun: { gc(isForced: boolean): void } }
const [functions = '', ...paths] = process.argv.slice(2)

function refuse(): never {
  throw new Error('Nobody may make code.')
}

if (functions === 'missing') Object.defineProperty(bun, 'FFI', { value: undefined })
if (functions === 'refused') Object.defineProperty(bun, 'FFI', { value: { dlopen: refuse } })

const outcomes = paths.map((path) => {
  // Throws away whatever nobody holds: what reads must still be there.
  bun.gc(true)
  return {
    bySystemCalls: outcome(() => readBySystemCalls(path, maxBytes)),
    altogether: outcome(() => readBounded(path, maxBytes)),
  }
})
process.stdout.write(JSON.stringify(outcomes))
