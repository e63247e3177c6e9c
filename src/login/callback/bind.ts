import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemErrorCode } from '../../errors.ts'
import { hostsOf, type ListenAddress } from './addresses.ts'

/** What became of one address. */
export type Binding =
  | { readonly kind: 'bound'; readonly port: number }
  /** `code` is what the operating system says: `EADDRINUSE`, `EACCES` … */
  | { readonly kind: 'unavailable'; readonly code: string }

/** Attempts to find a port that is free for each host. */
const freePortAttempts = 10

/**
 * Listens on one address, which can take several servers: one for each host of {@link hostsOf}, on
 * the same port. Either all of them listen afterwards or none does.
 *
 * @param newServer makes a server that does not listen yet
 */
export async function bind(address: ListenAddress, newServer: () => Server): Promise<Binding> {
  for (let attempt = 1; ; attempt += 1) {
    const binding = await bindHosts(hostsOf(address), address.port, newServer)
    const isLast = address.port !== 0 || attempt === freePortAttempts
    if (binding.kind === 'bound' || isLast) return binding
  }
}

/** What a host without one of the IP families answers. */
const absentFamilyCodes = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']

async function bindHosts(
  hosts: readonly string[],
  wantedPort: number,
  newServer: () => Server,
): Promise<Binding> {
  const servers: Server[] = []
  let port = wantedPort
  let absent = ''
  for (const host of hosts) {
    const server = newServer()
    const outcome = await listen(server, host, port)
    if (outcome.kind === 'bound') {
      servers.push(server)
      port = outcome.port
    } else if (absentFamilyCodes.includes(outcome.code)) {
      absent = outcome.code
    } else {
      for (const other of servers) other.close()
      return outcome
    }
  }
  return servers.length > 0 ? { kind: 'bound', port } : { kind: 'unavailable', code: absent }
}

function listen(server: Server, host: string, port: number): Promise<Binding> {
  return new Promise((resolve) => {
    const refused = (error: unknown): void =>
      resolve({ kind: 'unavailable', code: systemErrorCode(error) ?? 'unknown error' })
    server.once('error', refused)
    server.listen({ host, port }, () => {
      server.off('error', refused)
      resolve({ kind: 'bound', port: portOf(server.address()) ?? port })
    })
  })
}

function portOf(address: AddressInfo | string | null): number | undefined {
  return typeof address === 'object' ? address?.port : undefined
}
