import { systemErrorCode } from '../errors.ts'

/** A program that listens on a port. */
export interface PortHolder {
  /** Process id. */
  readonly pid: number
  /** Name of its executable, printable ASCII. */
  readonly name: string
}

/** Nobody waits longer for a detail of an error message. */
const deadlineMs = 1_500

/**
 * Finds out which program listens on a TCP port of this computer. The operating system may refuse
 * to tell, above all about other users' programs.
 *
 * @param platform in Node's names
 * @returns undefined when it cannot be told; it never throws and takes two seconds at most
 */
export async function findPortHolder(
  platform: NodeJS.Platform,
  port: number,
): Promise<PortHolder | undefined> {
  const deadline = AbortSignal.timeout(deadlineMs)
  try {
    const found = await finderOf(platform)(port, deadline)
    return found && { pid: found.pid, name: found.name.replaceAll(/[^ -~]/g, '?').slice(0, 64) }
  } catch {
    // No such tool, no right to look, or no time left: the message does without the name.
    return undefined
  }
}

type Finder = (port: number, deadline: AbortSignal) => Promise<PortHolder | undefined>

function finderOf(platform: NodeJS.Platform): Finder {
  if (platform === 'linux') return findOnLinux
  return platform === 'win32' ? findOnWindows : findByLsof
}

const findOnLinux: Finder = async (port, deadline) => {
  const { readdir, readFile } = await import('node:fs/promises')
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => unlessRefused(readFile(`/proc/net/${name}`, 'latin1'))),
  )
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table ?? '', port)))
  if (sockets.size === 0) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await hasOneOf(pid, sockets, deadline))
      return { pid: Number(pid), name: await nameOnLinux(pid) }
  }
  return undefined
}

/**
 * Reads `/proc/net/tcp` or `tcp6`, see proc_pid_net(5).
 *
 * @returns the sockets that listen on `port`, as the links in `/proc/PID/fd` name them
 */
export function listeningSockets(table: string, port: number): string[] {
  const listening = '0A'
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === listening && local.endsWith(`:${hexPort}`) ? [`socket:[${inode}]`] : []
  })
}

async function hasOneOf(
  pid: string,
  sockets: ReadonlySet<string>,
  deadline: AbortSignal,
): Promise<boolean> {
  const { readdir, readlink } = await import('node:fs/promises')
  const folder = `/proc/${pid}/fd`
  for (const descriptor of (await unlessRefused(readdir(folder))) ?? []) {
    deadline.throwIfAborted()
    const target = await unlessRefused(readlink(`${folder}/${descriptor}`))
    if (target !== undefined && sockets.has(target)) return true
  }
  return false
}

async function nameOnLinux(pid: string): Promise<string> {
  const { readFile, readlink } = await import('node:fs/promises')
  const executable = await unlessRefused(readlink(`/proc/${pid}/exe`))
  if (executable !== undefined) {
    // Linux marks the executable of a program that was updated while it ran.
    return executable.replace(/ \(deleted\)$/, '').replace(/^.*\//, '')
  }
  return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
}

/** Processes end while one looks at them, and those of other users are closed to us. */
async function unlessRefused<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemErrorCode(error) ?? '')) {
      return undefined
    }
    throw error
  }
}

const findByLsof: Finder = async (port, deadline) =>
  parseLsof(await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], deadline))

/** Reads the output of `lsof -Fpc`: a line `p<pid>`, then `c<name>`. */
export function parseLsof(output: string): PortHolder | undefined {
  const { pid, name } = /^p(?<pid>\d+)\r?\nc(?<name>.+)$/m.exec(output)?.groups ?? {}
  return pid === undefined || name === undefined ? undefined : { pid: Number(pid), name }
}

const findOnWindows: Finder = async (port, deadline) => {
  // By their full paths: Windows looks for programs in the current folder first.
  const folder = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32`
  const pid = parseNetstat(await run(`${folder}\\netstat.exe`, ['-ano'], deadline), port)
  if (pid === undefined) return undefined
  const filter = ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']
  const name = parseTasklist(await run(`${folder}\\tasklist.exe`, filter, deadline))
  return name === undefined ? undefined : { pid, name }
}

/**
 * Reads the output of `netstat -ano`. The word for the state is translated, so a listening socket is
 * known by its remote address, which has the port 0.
 *
 * @returns the process that listens on `port`
 */
export function parseNetstat(output: string, port: number): number | undefined {
  for (const line of output.split('\n')) {
    const [protocol, local = '', remote = '', ...others] = line.trim().split(/\s+/)
    const isListening = protocol === 'TCP' && remote.endsWith(':0')
    const pid = others.at(-1) ?? ''
    if (isListening && local.endsWith(`:${port}`) && /^\d+$/.test(pid)) return Number(pid)
  }
  return undefined
}

/** Reads the output of `tasklist /FO CSV /NH`: the first field is the name of the executable. */
export function parseTasklist(output: string): string | undefined {
  return /^"([^"]+)","\d+"/m.exec(output)?.[1]
}

async function run(file: string, args: string[], deadline: AbortSignal): Promise<string> {
  const { execFile } = await import('node:child_process')
  return await new Promise((resolve, reject) => {
    const options = { signal: deadline, windowsHide: true, encoding: 'utf8' } as const
    execFile(file, args, options, (error, stdout) => (error ? reject(error) : resolve(stdout)))
  })
}
