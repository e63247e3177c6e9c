import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onPath } from '../../../../tools/e2e/on-path.ts'
import { CannotMeasure, type Program, programVersion } from '../../report/index.ts'
import { path, type Traffic, type TrafficOptions, withProcessor } from './traffic.ts'

/** Path of wrk. @throws CannotMeasure when there is none */
export function neededWrk(): string {
  const path = onPath(['wrk'])
  if (path === undefined) throw new CannotMeasure('needs wrk (Debian: apt-get install wrk)')
  return path
}

/** It as a program that takes part. */
export function wrkProgram(): Program {
  return programVersion('wrk', neededWrk(), ['--version'])
}

/** Asks for services, over and over, on connections that stay. @throws when an answer was no success */
export async function wrk(options: TrafficOptions): Promise<Traffic> {
  const { server, connections, seconds, folder } = options
  const script = join(folder, 'wrk.lua')
  writeFileSync(script, scriptFor(options), { mode: 0o600 })
  const url = `https://127.0.0.1:${server.port}${path}`
  const args = ['--latency', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]
  return await withProcessor(server, async () => {
    const { stdout } = await promisify(execFile)(neededWrk(), args)
    return trafficOf(stdout)
  })
}

/**
 * Reads what `wrk --latency` printed.
 *
 * @throws when an answer was no success, or a figure is missing
 */
export function trafficOf(printed: string): Omit<Traffic, 'processorMs'> {
  if (/Non-2xx|Socket errors/.test(printed)) throw new Error(`wrk saw failures:\n${printed}`)
  // From the start of a line: the column of deviations holds percentages, too.
  const read = (pattern: RegExp): string => {
    const found = pattern.exec(printed)?.[1]
    if (found === undefined) throw new Error(`wrk did not say ${pattern}:\n${printed}`)
    return found
  }
  return {
    requests: Number(read(/^\s+(\d+) requests in/m)),
    requestsPerSecond: Number(read(/^Requests\/sec:\s+(\S+)/m)),
    p50Ms: milliseconds(read(/^\s+50%\s+([\d.]+(?:us|ms|s|m))$/m)),
    p99Ms: milliseconds(read(/^\s+99%\s+([\d.]+(?:us|ms|s|m))$/m)),
  }
}

function scriptFor({ tokens, hasOwnLines = false }: TrafficOptions): string {
  const list = tokens.map((token) => JSON.stringify(token)).join(',')
  const own = hasOwnLines ? ', ["X-Serial"] = serial' : ''
  return `local tokens = {${list}}
local serial = 0
request = function()
  serial = serial + 1
  local token = tokens[serial % #tokens + 1]
  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. token${own}})
end
`
}

const millisecondsOf = { us: 0.001, ms: 1, s: 1000, m: 60_000 }

function milliseconds(text: string): number {
  const [, value = '', unit = ''] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? []
  const [, factor = Number.NaN] = Object.entries(millisecondsOf).find(([key]) => key === unit) ?? []
  return Number(value) * factor
}
