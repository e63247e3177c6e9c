import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Running } from '../servers/running.ts'
import type { Stage } from '../servers/stage.ts'

/** What a tunnel brought. */
export interface Flow {
  readonly megabytesPerSecond: number
  /** Processor time of the server for each megabyte, in milliseconds. */
  readonly processorMs: number
}

/** The request that opens a tunnel. */
export function askToSwitch(token: string): string {
  return `POST /api/v1/namespaces/default/pods/p/exec HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n`
}

/** Reads a tunnel through a server as fast as it comes. @throws when it does not open */
export async function tunnel(
  stage: Stage,
  server: Running,
  tokenFile: string,
  seconds: number,
): Promise<Flow> {
  const program = join(import.meta.dirname, 'tunnel-program.ts')
  const args = ['--import', 'tsx', program, `${server.port}`, stage.caFile, tokenFile, `${seconds}`]
  const before = server.usage()
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const megabytesPerSecond = Number(stdout)
  const processorMs = server.usage().processorMs - before.processorMs
  return { megabytesPerSecond, processorMs: processorMs / (megabytesPerSecond * seconds) }
}
