import { readFileSync } from 'node:fs'

/** A connection that came in, as `net.Socket` describes it. */
export interface IncomingConnection {
  readonly localPort?: number | undefined
  readonly remotePort?: number | undefined
}

/**
 * Tells whether a loopback connection was made by another user of this computer. The authorization
 * URL is an argument of the browser's opener, and arguments are public (`ps`): another user could
 * follow it and come to the callback with an answer of his own.
 *
 * Only Linux says whose a connection is (`/proc/net/tcp`, proc_pid_net(5)). Elsewhere, and where it
 * is not listed because it comes from another network namespace, nobody is a stranger. root may be
 * anybody; under sudo the user who called it is no stranger. A visitor who has hung up is one: the
 * kernel has forgotten whose he was, and whoever wants to see the page is still there.
 */
export function isFromStranger(connection: IncomingConnection): boolean {
  if (process.platform !== 'linux') return false
  const table = ['/proc/net/tcp', '/proc/net/tcp6'].map(readTable).join('\n')
  const known = [0, process.getuid?.(), Number(process.env.SUDO_UID ?? Number.NaN)]
  return isStranger(table, connection, new Set(known))
}

/**
 * Judges a connection.
 *
 * @param table text of `/proc/net/tcp` and `tcp6`
 * @param known user ids that are no strangers
 */
export function isStranger(
  table: string,
  { localPort, remotePort }: IncomingConnection,
  known: ReadonlySet<number | undefined>,
): boolean {
  const entries = parseTable(table)
  // Without our own listener in it, the table is not that of this network namespace, or hidden.
  const ofOurPort = entries.filter(({ local }) => local === localPort)
  if (localPort !== undefined && ofOurPort.length === 0) return false
  // A connection that was reset has no other end any more, and no entry.
  if (!ofOurPort.some(({ remote }) => remote === remotePort)) return true
  const otherEnds = entries.filter(
    ({ local, remote }) => local === remotePort && remote === localPort,
  )
  const owners = otherEnds.flatMap(({ isOwned, uid }) => (isOwned ? [uid] : []))
  return otherEnds.length > 0 && !owners.some((uid) => known.has(uid))
}

interface Entry {
  readonly local: number
  readonly remote: number
  readonly uid: number
  /** Whether a process still has the socket. The kernel shows others as root's. */
  readonly isOwned: boolean
}

const established = '01'

function parseTable(table: string): Entry[] {
  return table.split('\n').flatMap((line) => {
    const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/)
    if (!/^\d+$/.test(uid ?? '')) return []
    const isOwned = state === established || inode !== '0'
    return [{ local: portOf(local), remote: portOf(remote), uid: Number(uid), isOwned }]
  })
}

/** `0100007F:1F40`, or the same with a longer address. */
function portOf(address = ''): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // No /proc, or no IPv6.
    return ''
  }
}
