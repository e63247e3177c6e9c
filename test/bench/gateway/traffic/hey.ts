import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { goBuildOnce } from '../../../../tools/e2e/go-build.ts'
import type { Program } from '../../report/index.ts'
import { path, type Traffic, type TrafficOptions, withProcessor } from './traffic.ts'

const folder = 'test/bench/gateway/traffic'

/** Finds hey: `$HEY`, or built from its Go module. */
export function findHey(): string | undefined {
  return process.env.HEY ?? goBuildOnce({ name: 'hey', folder, package: 'github.com/rakyll/hey' })
}

/** The version that is built. */
export function heyProgram(): Program {
  const pinned = readFileSync(`${folder}/go.mod`, 'utf8')
  return { name: 'hey', version: /rakyll\/hey v(\S+)/.exec(pinned)?.[1] ?? 'unknown' }
}

/**
 * Opens a connection for every request, as each kubectl does, which begins without a TLS session to resume. wrk cannot do
 * that: it resumes the session that it had. And hey is written in Go, so its handshakes are those of kubectl.
 *
 * @throws when a connection failed, or an answer was no success
 */
export async function hey(program: string, options: TrafficOptions): Promise<Traffic> {
  const { server, connections, seconds, tokens } = options
  const [token = ''] = tokens
  const url = `https://127.0.0.1:${server.port}${path}`
  const authorization = `Authorization: Bearer ${token}`
  const args = ['-disable-keepalive', '-c', `${connections}`, '-z', `${seconds}s`]
  return await withProcessor(server, async () => {
    const { stdout } = await promisify(execFile)(program, [...args, '-H', authorization, url])
    return connectionsOf(stdout)
  })
}

/**
 * Reads what hey printed.
 *
 * @throws when a connection failed, an answer was no success, or a figure is missing
 */
export function connectionsOf(printed: string): Omit<Traffic, 'processorMs'> {
  const answers = [...printed.matchAll(/^\s+\[(\d+)\]\s+(\d+) responses$/gm)]
  const [, status, count] = answers[0] ?? []
  if (printed.includes('Error distribution') || answers.length !== 1 || status !== '200') {
    throw new Error(`hey saw failures:\n${printed}`)
  }
  const read = (pattern: RegExp): number => {
    const found = pattern.exec(printed)?.[1]
    if (found === undefined) throw new Error(`hey did not say ${pattern}:\n${printed}`)
    return Number(found)
  }
  return {
    requests: Number(count),
    requestsPerSecond: read(/^\s+Requests\/sec:\s+(\S+)$/m),
    p50Ms: 1000 * read(/^\s+50%+ in (\S+) secs$/m),
    p99Ms: 1000 * read(/^\s+99%+ in (\S+) secs$/m),
  }
}
