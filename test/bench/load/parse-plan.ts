import { parseArgs } from 'node:util'
import type { LoadPlan, TargetPlan } from './plan.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const options = {
  users: { ...text, default: '100' },
  'requests-per-second': { ...text, default: '200' },
  connections: { ...text, default: '20' },
  'connections-per-second': { ...text, default: '20' },
  watches: { ...text, default: '500' },
  'opens-per-second': { ...text, default: '100' },
  'event-seconds': { ...text, default: '0' },
  duration: { ...text, default: '10' },
  'api-server': { ...text, default: 'stand-in' },
  workers: { ...text, default: '1' },
  gateway: text,
  ca: text,
  'token-file': text,
  pid: text,
  'allow-remote': flag,
  write: flag,
  help: { ...flag, short: 'h' },
} as const

type Values = ReturnType<typeof read>

function read(args: readonly string[]) {
  return parseArgs({ args: [...args], options }).values
}

/**
 * Reads a command line.
 *
 * @returns undefined when help is wanted
 * @throws Error with a sentence for people
 */
export function parsePlan(args: readonly string[]): LoadPlan | undefined {
  const values = read(args)
  if (values.help) return undefined
  const number = (name: keyof Values, least: number): number => {
    const value = Number(values[name])
    if (!(value >= least)) throw new Error(`--${name} must be a number, at least ${least}.`)
    return value
  }
  return {
    users: number('users', 1),
    requestsPerSecond: number('requests-per-second', 0),
    connections: number('connections', 1),
    connectionsPerSecond: number('connections-per-second', 0),
    watches: number('watches', 0),
    opensPerSecond: number('opens-per-second', 1),
    eventSeconds: number('event-seconds', 0),
    durationMs: number('duration', 1) * 1000,
    target: targetOf(values),
    write: values.write,
  }
}

function targetOf(values: Values): TargetPlan {
  const { gateway, 'token-file': tokenFile, ca: caFile, pid, workers } = values
  if (gateway === undefined) {
    const apiServer = values['api-server']
    if (apiServer !== 'stand-in' && apiServer !== 'kube-apiserver') {
      throw new Error('--api-server is stand-in or kube-apiserver.')
    }
    if (!/^(auto|[1-9]\d*)$/.test(workers)) throw new Error('--workers is a number or auto.')
    return { kind: 'local', apiServer, workers }
  }
  const url = new URL(gateway)
  if (tokenFile === undefined) throw new Error('--gateway needs --token-file.')
  if (!isLoopback(url.hostname) && !values['allow-remote']) {
    throw new Error(
      `${url.hostname} is not this computer: --allow-remote, when its owner knows about it.`,
    )
  }
  return {
    kind: 'running',
    url,
    tokenFile,
    ...(caFile === undefined ? {} : { caFile }),
    ...(pid === undefined ? {} : { pid: Number(pid) }),
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}
