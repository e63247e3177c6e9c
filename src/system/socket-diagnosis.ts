/** A TCP connection, as `net.Socket` describes it from our end. */
export interface TcpConnection {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/** Whose a socket is. */
export interface SocketOwner {
  readonly uid: number
  /** Whether a process still has the socket. The kernel shows others as root's. */
  readonly isOwned: boolean
}

/** Number of the netlink protocol, for `socket(AF_NETLINK, …)`. */
export const sockDiagProtocol = 4

const dontCare = 0xffff_ffff
const headerBytes = 16
const requestBytes = 72
const answerBytes = 88

/** `SOCK_DIAG_BY_FAMILY`, the type of the question and of its answer. */
const byFamily = 20
const isRequest = 1
const tcp = 6

/** Where `inet_diag_sockid` begins in the question and in its answer. */
const idInRequest = 24
const idInAnswer = 20

/** Both ports and both addresses; an interface and a cookie follow. */
const idBytes = 36

/**
 * Asks about the visitor's end of a connection (sock_diag(7), `inet_diag_req_v2`). Netlink speaks the byte order
 * of the machine, which is little-endian wherever this program runs; ports and addresses have that of the network.
 *
 * @returns undefined for addresses that are neither IPv4 nor loopback
 */
export function diagnosisRequest(connection: TcpConnection): Uint8Array | undefined {
  const from = addressBytes(connection.remoteAddress)
  const to = addressBytes(connection.localAddress)
  const { remotePort, localPort } = connection
  if (from === undefined || to === undefined || from.length !== to.length) return undefined
  if (remotePort === undefined || localPort === undefined) return undefined
  const bytes = new Uint8Array(requestBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, requestBytes, true)
  view.setUint16(4, byFamily, true)
  view.setUint16(6, isRequest, true)
  bytes[headerBytes] = familyOf(from)
  bytes[headerBytes + 1] = tcp
  view.setUint32(headerBytes + 4, dontCare, true)
  view.setUint16(idInRequest, remotePort)
  view.setUint16(idInRequest + 2, localPort)
  bytes.set(from, idInRequest + 4)
  bytes.set(to, idInRequest + 20)
  view.setUint32(idInRequest + idBytes + 4, dontCare, true)
  view.setUint32(idInRequest + idBytes + 8, dontCare, true)
  return bytes
}

/**
 * Reads the kernel's answer (`inet_diag_msg`). Where there is no such connection the kernel may tell of a socket that listens on
 * the port: that one is none.
 *
 * @param request what was asked
 * @returns undefined when it tells of nothing, or of something else
 */
export function parseDiagnosis(request: Uint8Array, answer: Uint8Array): SocketOwner | undefined {
  if (answer.length < answerBytes) return undefined
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength)
  if (view.getUint16(4, true) !== byFamily || answer[headerBytes] !== request[headerBytes]) {
    return undefined
  }
  for (let index = 0; index < idBytes; index += 1) {
    if (answer[idInAnswer + index] !== request[idInRequest + index]) return undefined
  }
  const isEstablished = answer[headerBytes + 1] === established
  const uid = view.getUint32(80, true)
  const inode = view.getUint32(84, true)
  return { uid, isOwned: isEstablished || inode !== 0 }
}

const established = 1

const loopback6 = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])

/** The bytes of an IPv4 address, also inside IPv6 (RFC 4291 §2.5.5.2), and of loopback. */
function addressBytes(address: string | undefined): Uint8Array | undefined {
  if (address === '::1') return loopback6
  const parts = address?.replace(/^::ffff:/i, '').split('.') ?? []
  return parts.length === 4 ? new Uint8Array(parts.map(Number)) : undefined
}

/** `AF_INET` or `AF_INET6`. */
function familyOf(address: Uint8Array): number {
  return address.length === 4 ? 2 : 10
}
