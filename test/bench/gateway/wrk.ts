import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What one run of wrk measured. */
export interface Load {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** How load is made. */
export interface LoadOptions {
  /** Who is under load, for messages. */
  readonly name: string
  readonly wrk: string
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Shown in turn, one a request. */
  readonly tokens: readonly string[]
  /** Where the script may lie. */
  readonly folder: string
  /** Whether every request opens a connection of its own, as kubectl does. */
  readonly isFresh?: boolean
}

/** Asks for services, over and over. @throws when an answer was not 200 */
export async function load(options: LoadOptions): Promise<Load> {
  const { name, wrk, port, connections, seconds, tokens, folder, isFresh = false } = options
  const script = join(folder, 'wrk.lua')
  writeFileSync(script, scriptFor(tokens, isFresh))
  const { stdout } = await promisify(execFile)(wrk, [
    '--latency',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '-s',
    script,
    `https://127.0.0.1:${port}/api/v1/namespaces/default/services`,
  ])
  if (/Non-2xx|connect [1-9]|read [1-9]|write [1-9]/.test(stdout)) {
    throw new Error(`${name}: wrk saw failures:\n${stdout}`)
  }
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+(\S+)/.exec(stdout)?.[1]),
    p50Ms: milliseconds(/50%\s+(\S+)/.exec(stdout)?.[1] ?? ''),
    p99Ms: milliseconds(/99%\s+(\S+)/.exec(stdout)?.[1] ?? ''),
  }
}

function scriptFor(tokens: readonly string[], isFresh: boolean): string {
  const list = tokens.map((token) => JSON.stringify(token)).join(',')
  return `local tokens = {${list}}
local next = 0
request = function()
  next = next % #tokens + 1
  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. tokens[next]${isFresh ? ', ["Connection"] = "close"' : ''}})
end
`
}

function milliseconds(text: string): number {
  const [, value = '', unit = ''] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? []
  return Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1)
}
