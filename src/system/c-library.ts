/** What a function of C takes or returns. The numbers are those of Bun's `FFIType`. */
export const cType = { i32: 5, pointer: 12, i64: 15 } as const

type CType = (typeof cType)[keyof typeof cType]

/** How a function of C is called. A 64-bit number comes as a JavaScript number. */
export interface Signature {
  readonly args: readonly CType[]
  readonly returns: CType
}

/** Functions of C by their names. A pointer is the memory of an array. */
export type CFunctions<Name extends string> = Readonly<
  Record<Name, (...args: readonly (number | Uint8Array | null)[]) => number>
>

/**
 * Functions of the C library, for what no module of a runtime does, or none in such a short time. They are called by
 * `Bun.FFI`, which the module `bun:ffi` is made of: loading that takes longer than everything that is done with it
 * here (docs/decisions/0018-reading-by-system-calls.md).
 *
 * @param signatures names of the functions, and how they are called
 * @returns undefined where they cannot be called: Node.js, another system than Linux, one that lets nobody make code
 */
export function cFunctions<Name extends string>(
  signatures: Readonly<Record<Name, Signature>>,
): CFunctions<Name> | undefined {
  const ffi = foreignFunctions()
  if (ffi === undefined || process.platform !== 'linux') return undefined
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  // The C libraries of both kinds of Linux.
  for (const name of ['libc.so.6', `libc.musl-${architecture}.so.1`]) {
    const symbols = symbolsOf(ffi, name, signatures)
    if (symbols !== undefined) return symbols
  }
  return undefined
}

function symbolsOf<Name extends string>(
  ffi: ForeignFunctions,
  name: string,
  signatures: Readonly<Record<Name, Signature>>,
): CFunctions<Name> | undefined {
  try {
    const library = ffi.dlopen(name, signatures)
    opened.push(library)
    // A library that is not there is an error, thrown or returned.
    return library.symbols as CFunctions<Name> | undefined
  } catch {
    return undefined
  }
}

/** Functions are good for as long as their library, which nobody may collect. */
const opened: object[] = []

/** What of `Bun.FFI` is used. */
interface ForeignFunctions {
  dlopen(
    name: string,
    signatures: Readonly<Record<string, Signature>>,
  ): { readonly symbols?: CFunctions<string> }
}

function foreignFunctions(): ForeignFunctions | undefined {
  const { Bun: bun } = globalThis as { readonly Bun?: { readonly FFI?: ForeignFunctions } }
  return bun?.FFI
}
