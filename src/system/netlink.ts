import { type CFunctions, cFunctions, cType } from './c-library.ts'

/**
 * Puts one question to the kernel over netlink(7). No JavaScript runtime has sockets of that kind; an executable can call the
 * functions of the C library.
 *
 * @param protocol number of the netlink protocol
 * @param request one message
 * @returns what the kernel answers at once; undefined where it cannot be asked
 */
export function askKernel(protocol: number, request: Uint8Array): Uint8Array | undefined {
  library ??= cFunctions(signatures) ?? 'none'
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
const longestAnswer = 1_024

type Library = CFunctions<keyof typeof signatures>

const { i32, i64, pointer } = cType
const signatures = {
  socket: { args: [i32, i32, i32], returns: i32 },
  send: { args: [i32, pointer, i64, i32], returns: i64 },
  recv: { args: [i32, pointer, i64, i32], returns: i64 },
  close: { args: [i32], returns: i32 },
} as const

/** Looked for once; it stays for as long as the process. */
let library: Library | 'none' | undefined
