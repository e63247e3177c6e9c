import { closeSync, openSync, readSync } from 'node:fs'
import { askKernel } from './netlink.ts'
import {
  diagnosisRequest,
  parseDiagnosis,
  sockDiagProtocol,
  type TcpConnection,
} from './socket-diagnosis.ts'

/** A connection that came in, as `net.Socket` describes it. */
export interface IncomingConnection extends TcpConnection {
  readonly remoteFamily?: string | undefined
}

/**
 * Tells whether a loopback connection was made by another user of this computer. The authorization
 * URL is an argument of the browser's opener, and arguments are public (`ps`): another user could
 * follow it and come to the callback with an answer of his own.
 *
 * Only Linux says whose a connection is: to an executable in some microseconds (sock_diag(7)), to others, and for those
 * who are not ours, by a table (`/proc/net/tcp`, proc_pid_net(5)). Elsewhere, and where it
 * is not listed because it comes from another network namespace, nobody is a stranger. root may be
 * anybody; under sudo the user who called it is no stranger. A visitor who has hung up is one: the
 * kernel has forgotten whose he was, and whoever wants to see the page is still there.
 *
 * The kernel walks through its whole table for each of the two files, which takes milliseconds: the
 * likelier one is read first, and reading ends when both ends of the connection have been seen. Who hangs
 * up meanwhile may leave our end in what was read and no other one, as if he came from another namespace;
 * a second look tells the difference.
 */
export function isFromStranger(connection: IncomingConnection): boolean {
  if (process.platform !== 'linux') return false
  const known = new Set([0, process.getuid?.(), Number(process.env.SUDO_UID ?? Number.NaN)])
  if (isCertainlyKnown(askKernel, connection, known)) return false
  const files = ['/proc/net/tcp', '/proc/net/tcp6']
  if (connection.remoteFamily === 'IPv6') files.reverse()
  return isStranger(() => files.map(piecesOf), connection, known)
}

/**
 * Whether the kernel, asked about this connection alone, says that somebody who is no stranger holds its other end.
 * Whatever else it says is no verdict: the table tells more.
 *
 * @param ask puts a question to the kernel, as {@link askKernel} does
 * @param known user ids that are no strangers
 */
export function isCertainlyKnown(
  ask: typeof askKernel,
  connection: IncomingConnection,
  known: ReadonlySet<number | undefined>,
): boolean {
  const request = diagnosisRequest(connection)
  const answer = request && ask(sockDiagProtocol, request)
  const owner = answer && parseDiagnosis(request, answer)
  return owner?.isOwned === true && known.has(owner.uid)
}

/**
 * Judges a connection.
 *
 * @param look the texts of `/proc/net/tcp` and `tcp6` as they are now, in pieces; read only as far as needed
 * @param known user ids that are no strangers
 */
export function isStranger(
  look: () => readonly Iterable<string>[],
  connection: IncomingConnection,
  known: ReadonlySet<number | undefined>,
): boolean {
  const verdict = judge(look(), connection, known)
  return (verdict === 'unseen' ? judge(look(), connection, known) : verdict) === 'stranger'
}

/** `unseen` is a visitor whose connection is there, and whose end of it is not. */
type Verdict = 'known' | 'stranger' | 'unseen'

function judge(
  tables: readonly Iterable<string>[],
  { localPort, remotePort }: IncomingConnection,
  known: ReadonlySet<number | undefined>,
): Verdict {
  const entries: Entry[] = []
  const hasOurEnd = (): boolean =>
    entries.some(({ local, remote }) => local === localPort && remote === remotePort)
  const otherEnds = (): Entry[] =>
    entries.filter(({ local, remote }) => local === remotePort && remote === localPort)
  const isKnown = (): boolean => otherEnds().some(({ isOwned, uid }) => isOwned && known.has(uid))
  for (const lines of tables.map(linesOf)) {
    for (const line of lines) {
      const entry = parseEntry(line, localPort)
      if (entry === undefined) continue
      entries.push(entry)
      if (hasOurEnd() && isKnown()) return 'known'
    }
  }
  // Without our own listener in it, the table is not that of this network namespace, or hidden.
  if (localPort !== undefined && !entries.some(({ local }) => local === localPort)) return 'unseen'
  // A connection that was reset has no other end any more, and no entry.
  if (!hasOurEnd()) return 'stranger'
  return otherEnds().length > 0 ? 'stranger' : 'unseen'
}

interface Entry {
  readonly local: number
  readonly remote: number
  readonly uid: number
  /** Whether a process still has the socket. The kernel shows others as root's. */
  readonly isOwned: boolean
}

const established = '01'

/** An entry that has to do with a port; undefined for the others, of which there may be many thousands. */
function parseEntry(line: string, port: number | undefined): Entry | undefined {
  if (port === undefined || !line.includes(`:${hexOf(port)} `)) return undefined
  const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/)
  if (!/^\d+$/.test(uid ?? '')) return undefined
  const isOwned = state === established || inode !== '0'
  return { local: portOf(local), remote: portOf(remote), uid: Number(uid), isOwned }
}

function hexOf(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

/** `0100007F:1F40`, or the same with a longer address. */
function portOf(address = ''): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
}

function* linesOf(pieces: Iterable<string>): Generator<string> {
  let rest = ''
  for (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** More than the kernel gives at once. */
const pieceBytes = 16 * 1024

function* piecesOf(path: string): Generator<string> {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const buffer = Buffer.alloc(pieceBytes)
    for (let bytes = 1; bytes > 0; ) {
      bytes = readSync(file, buffer)
      yield buffer.toString('latin1', 0, bytes)
    }
  } catch {
    // No /proc, or no IPv6.
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
