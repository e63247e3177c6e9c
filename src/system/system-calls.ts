import { cFunctions, cType } from './c-library.ts'
import type { FileContents } from './files.ts'

/**
 * Reads a file and asks whose it is, as {@link readBounded} does, without `node:fs`: in a Bun executable that module takes
 * longer than all the rest of a cached `get-token`.
 *
 * @param maxBytes the largest size that is read
 * @returns undefined wherever anything is not as expected, so that `node:fs` has to tell what it is
 */
export function readBySystemCalls(path: string, maxBytes: number): FileContents | undefined {
  const kernel = systemCalls()
  if (kernel === undefined || path.includes('\0')) return undefined
  const name = new TextEncoder().encode(`${path}\0`)
  const descriptor = kernel.call('openat', atCurrentFolder, name, readOnly)
  if (descriptor < 0) return undefined
  try {
    return contentsOf(kernel, descriptor, maxBytes)
  } finally {
    kernel.call('close', descriptor)
  }
}

/**
 * Writes to a descriptor without `node:fs`.
 *
 * @returns how many bytes were taken; 0 wherever `node:fs` has to tell why
 */
export function writeBySystemCalls(descriptor: number, bytes: Uint8Array): number {
  const kernel = systemCalls()
  if (kernel === undefined || bytes.length === 0) return 0
  return Math.max(kernel.call('write', descriptor, bytes, bytes.length), 0)
}

function contentsOf(
  kernel: Kernel,
  descriptor: number,
  maxBytes: number,
): FileContents | undefined {
  const facts = new Uint32Array(64)
  const into = new Uint8Array(facts.buffer)
  if (kernel.call('statx', descriptor, emptyPath, atEmptyPath, wantedFacts, into) !== 0) {
    return undefined
  }
  // struct statx (linux/stat.h) in units of four bytes; the mode is half of one.
  const [mask = 0, , , , , ownerUid, , mode = 0, , , size = 0, sizeHigh] = facts
  const isFile = (mode & typeBits) === regularFile
  if ((mask & wantedFacts) !== wantedFacts || !isFile || sizeHigh !== 0 || size > maxBytes) {
    return undefined
  }
  const bytes = new Uint8Array(size + 1)
  // One byte more than there should be: what grows or shrinks meanwhile is read by somebody else.
  const read = kernel.call('read', descriptor, bytes, bytes.length)
  if (read !== size || ownerUid === undefined) return undefined
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, read))
  return { text, ownerUid }
}

const atCurrentFolder = -100
const readOnly = 0o2_000_000 | 0o4_000 // O_CLOEXEC, and O_NONBLOCK: a named pipe has no writer
const atEmptyPath = 0x1000
const emptyPath = new Uint8Array(1)
const wantedFacts = 0x1 | 0x8 | 0x200 // STATX_TYPE, STATX_UID, STATX_SIZE
const typeBits = 0o170_000
const regularFile = 0o100_000

type Call = 'close' | 'openat' | 'read' | 'statx' | 'write'

/** Numbers of the calls (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). */
const numbers: Readonly<Partial<Record<string, Readonly<Record<Call, number>>>>> = {
  x64: { close: 3, openat: 257, read: 0, statx: 332, write: 1 },
  arm64: { close: 57, openat: 56, read: 63, statx: 291, write: 64 },
}

interface Kernel {
  /** @returns what the call returns; -1 when it failed */
  call(
    name: Call,
    descriptor: number,
    memory?: Uint8Array,
    third?: number,
    fourth?: number,
    moreMemory?: Uint8Array,
  ): number
}

let known: Kernel | 'none' | undefined

function systemCalls(): Kernel | undefined {
  known ??= kernelOf(numbers[process.arch]) ?? 'none'
  return known === 'none' ? undefined : known
}

function kernelOf(numberOf: Readonly<Record<Call, number>> | undefined): Kernel | undefined {
  if (numberOf === undefined) return undefined
  const { i64, pointer } = cType
  // One function for all of them, because each has to be compiled.
  const found = cFunctions({
    syscall: { args: [i64, i64, pointer, i64, i64, pointer], returns: i64 },
  })
  if (found === undefined) return undefined
  const { syscall } = found
  return {
    call: (name, descriptor, memory, third = 0, fourth = 0, moreMemory) =>
      syscall(numberOf[name], descriptor, memory ?? null, third, fourth, moreMemory ?? null),
  }
}
