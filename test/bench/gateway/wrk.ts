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
  return loadOf(stdout, name)
}

/**
 * Reads what `wrk --latency` printed.
 *
 * @param name who was under load, for messages
 * @throws when an answer was not 200, or a figure is missing
 */
export function loadOf(printed: string, name: string): Load {
  if (/Non-2xx|connect [1-9]|read [1-9]|write [1-9]|timeout [1-9]/.test(printed)) {
    throw new Error(`${name}: wrk saw failures:\n${printed}`)
  }
  // From the start of a line: the column of deviations holds percentages, too.
  const read = (pattern: RegExp): string => {
    const found = pattern.exec(printed)?.[1]
    if (found === undefined) throw new Error(`${name}: wrk did not say ${pattern}:\n${printed}`)
    return found
  }
  return {
    requestsPerSecond: Number(read(/^Requests\/sec:\s+(\S+)/m)),
    p50Ms: milliseconds(read(/^\s+50%\s+([\d.]+(?:us|ms|s|m))$/m)),
    p99Ms: milliseconds(read(/^\s+99%\s+([\d.]+(?:us|ms|s|m))$/m)),
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

const millisecondsOf = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

function milliseconds(text: string): number {
  const [, value = '', unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? []
  const [, factor = Number.NaN] = Object.entries(millisecondsOf).find(([key]) => key === unit) ?? []
  return Number(value) * factor
}
