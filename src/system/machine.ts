import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Where a process id means something. */
export interface Machine {
  /** The name of the machine, for people. */
  readonly hostname: string
  /** Changes with every boot; only Linux tells. */
  readonly bootId?: string
  /** The pid namespace (a container has its own), see pid_namespaces(7); only Linux has it. */
  readonly pidNamespace?: string
}

/** The machine, and on Linux the boot and the pid namespace, in which this process runs. */
export function thisMachine(): Machine {
  const bootId = unlessRefused(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'))
  const pidNamespace = unlessRefused(() => readlinkSync('/proc/self/ns/pid'))
  return {
    hostname: hostname(),
    ...(bootId === undefined ? {} : { bootId }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  }
}

/**
 * Whether process ids of both mean the same processes. The host name counts although a boot has an
 * id: virtual machines that were resumed from one snapshot share the id.
 */
export function isSameMachine(one: Machine, other: Machine): boolean {
  return (
    one.hostname === other.hostname &&
    one.bootId === other.bootId &&
    one.pidNamespace === other.pidNamespace
  )
}

function unlessRefused(read: () => string): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    return read().trim()
  } catch {
    // No /proc, as in some sandboxes.
    return undefined
  }
}
