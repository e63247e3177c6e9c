import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { Json } from '../../world/api/json.ts'
import type { RunningGateway } from './installed.ts'

/** An answer at the port for operations. */
export interface Probe {
  readonly status: number
  readonly body: string
}

/** Asks a gateway at its port for operations: `/readyz`, `/metrics`. */
export async function probe({ operationsPort }: RunningGateway, path: string): Promise<Probe> {
  const response = await fetch(`http://127.0.0.1:${operationsPort}${path}`)
  return { status: response.status, body: await response.text() }
}

/** The value of one series of a gateway's metrics, as `name{label="value"}`; undefined when there is none. */
export async function metric(gateway: RunningGateway, series: string): Promise<number | undefined> {
  const { body } = await probe(gateway, '/metrics')
  const line = body.split('\n').find((each) => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

/** The audit lines that a gateway has written so far. */
export function auditLines(gateway: RunningGateway): readonly Json[] {
  const whole = gateway.stdout().split('\n').slice(0, -1)
  return whole.map((line): Json => JSON.parse(line))
}

/** How many connections a gateway holds to a port of 127.0.0.1, as the kernel knows (Linux). */
export function connectionsTo({ child }: RunningGateway, port: number): number {
  const folder = `/proc/${child.pid}/fd`
  const own = new Set(
    readdirSync(folder).flatMap((name) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1]
      return inode === undefined ? [] : [inode]
    }),
  )
  const farEnd = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1),
  )
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(
      ([, , remote = '', , , , , , , inode = '']) => remote.endsWith(farEnd) && own.has(inode),
    ).length
}

/** Empty for a file that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
