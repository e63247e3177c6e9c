/**
 * Puts one question to the kernel over netlink(7). No JavaScript runtime has sockets of that kind; an executable can call the
 * functions of the C library, which Bun's `bun:ffi` makes callable.
 *
 * @param protocol number of the netlink protocol
 * @param request one message
 * @returns what the kernel answers at once; undefined where it cannot be asked
 */
export function askKernel(protocol: number, request: Uint8Array): Uint8Array | undefined {
  library ??= openLibrary()
  if (library === 'none') return undefined
  const { socket, send, recv, close } = library
  const descriptor = socket(afNetlink, sockRaw | sockCloexec, protocol)
  if (descriptor < 0) return undefined
  try {
    if (send(descriptor, request, request.length, 0) !== request.length) return undefined
    const answer = new Uint8Array(longestAnswer)
    const bytes = recv(descriptor, answer, answer.length, msgDontwait)
    return bytes > 0 ? answer.subarray(0, bytes) : undefined
  } finally {
    close(descriptor)
  }
}

const afNetlink = 16
const sockRaw = 3
const sockCloexec = 0o2_000_000
const msgDontwait = 0x40
const longestAnswer = 8_192

interface Library {
  socket(domain: number, type: number, protocol: number): number
  send(descriptor: number, bytes: Uint8Array, length: number, flags: number): number
  recv(descriptor: number, into: Uint8Array, length: number, flags: number): number
  close(descriptor: number): number
}

const functions = {
  socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  send: { args: ['i32', 'ptr', 'u64_fast', 'i32'], returns: 'i64_fast' },
  recv: { args: ['i32', 'ptr', 'u64_fast', 'i32'], returns: 'i64_fast' },
  close: { args: ['i32'], returns: 'i32' },
} as const

/** Looked for once; it stays for as long as the process. */
let library: Library | 'none' | undefined

function openLibrary(): Library | 'none' {
  if (process.versions.bun === undefined || process.platform !== 'linux') return 'none'
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  for (const name of ['libc.so.6', `libc.musl-${architecture}.so.1`]) {
    try {
      return foreignFunctions().dlopen(name, functions).symbols
    } catch {
      // The C library of the other kind of Linux, or a system that lets nobody make code.
    }
  }
  return 'none'
}

/** What of `bun:ffi` is used (https://bun.com/docs/runtime/ffi). */
interface ForeignFunctions {
  dlopen(name: string, signatures: typeof functions): { readonly symbols: Library }
}

function foreignFunctions(): ForeignFunctions {
  const getModule: (name: string) => unknown = process.getBuiltinModule
  return getModule('bun:ffi') as ForeignFunctions
}
