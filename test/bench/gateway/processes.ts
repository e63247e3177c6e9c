import { readdirSync, readFileSync } from 'node:fs'

/** What a server used so far. */
export interface Usage {
  /** User and system time of all its processes, in milliseconds. */
  readonly processorMs: number
  /** Resident memory of all its processes, in bytes. */
  readonly residentBytes: number
}

/** Linux tells processor time in hundredths of a second, on every architecture. */
const tickMs = 10

/**
 * Adds up what a process and all that it started have used. The shell that binds a program to our life is
 * no part of it.
 *
 * @param root process id
 * @throws where there is no `/proc`
 */
export function usageOf(root: number): Usage {
  const members = familyOf(root).filter(({ name }) => name !== 'sh')
  return {
    processorMs: sum(members.map(({ processorMs }) => processorMs)),
    residentBytes: sum(members.map(({ pid }) => residentBytesOf(pid))),
  }
}

/** The first program of a name that we, or what we started, have started. @throws when there is none */
export function startedByUs(program: string): number {
  // The kernel keeps fifteen characters of a name.
  const [, ...started] = familyOf(process.pid)
  const found = started.find(({ name }) => name === program.slice(0, 15))
  if (found === undefined) throw new Error(`${program} does not run`)
  return found.pid
}

interface Member {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly processorMs: number
}

function familyOf(root: number): Member[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => memberOf(Number(name)) ?? [])
  const below = (pid: number): Member[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)])
  return [...all.filter(({ pid }) => pid === root), ...below(root)]
}

/** Undefined for a process that has just ended. */
function memberOf(pid: number): Member | undefined {
  const text = read(`/proc/${pid}/stat`)
  // The name stands in brackets and may hold anything, so what follows is counted from the last one.
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? []
  const fields = rest.split(' ')
  if (fields.length < 13) return undefined
  const ticks = Number(fields[11]) + Number(fields[12])
  return { pid, parent: Number(fields[1]), name, processorMs: ticks * tickMs }
}

function residentBytesOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) * 1024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((left, right) => left + right, 0)
}
