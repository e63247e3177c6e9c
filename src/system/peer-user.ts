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
 * anybody; under sudo the user who called it is no stranger.
 *
 * @returns the stranger's uid; undefined when it is not known to be one
 */
export function strangerBehind(connection: IncomingConnection): number | undefined {
  if (process.platform !== 'linux') return undefined
  const { localPort, remotePort } = connection
  if (localPort === undefined || remotePort === undefined) return undefined
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map(readTable)
  const owners = tables.flatMap((table) => ownersOf(table, remotePort, localPort))
  const known = new Set([0, process.getuid?.(), Number(process.env.SUDO_UID ?? Number.NaN)])
  return owners.some((uid) => known.has(uid)) ? undefined : owners[0]
}

/**
 * Reads who owns the connections between two ports.
 *
 * @param table text of `/proc/net/tcp` or `tcp6`
 * @param localPort port at the owner's end
 * @returns user ids
 */
export function ownersOf(table: string, localPort: number, remotePort: number): number[] {
  return table.split('\n').flatMap((line) => {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/)
    const isIt = local?.endsWith(hex(localPort)) && remote?.endsWith(hex(remotePort))
    return isIt && uid !== undefined ? [Number(uid)] : []
  })
}

function hex(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // No /proc, or no IPv6.
    return ''
  }
}
