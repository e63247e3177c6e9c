import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { executableOf } from '../../tools/binaries/compile.ts'
import { ownTarget } from '../../tools/binaries/targets.ts'

const target = process.platform === 'linux' ? ownTarget() : undefined
const nobody = 65_534
const canBeNobody = process.getuid?.() === 0

/** Starts the program that asks the kernel, in the runtime of the executables. @returns its port */
async function startProgram(host: string): Promise<number> {
  if (target === undefined) throw new Error('there is no executable for this computer')
  const bun = executableOf(target)
  const program = spawn(bun, [resolve('test/e2e/connection-owner-program.ts'), host], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(program, 'close')
  onTestFinished(async () => {
    program.stdin.end()
    await ended
  })
  const [port] = await once(createInterface({ input: program.stdout }), 'line')
  return Number(port)
}

async function visit(host: string, port: number): Promise<string> {
  return await text(connect(port, host))
}

async function visitAsNobody(host: string, port: number): Promise<string> {
  const program =
    'require("node:net").connect(process.argv[2], process.argv[1]).pipe(process.stdout)'
  const child = spawn(process.execPath, ['-e', program, host, String(port)], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return await text(child.stdout)
}

/** Where the program listens, and where its visitors go: IPv4, IPv6, and IPv4 inside IPv6. */
const ways = [
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '::1'],
  ['::', '127.0.0.1'],
] as const

test.runIf(target).each(ways)(
  'an executable on %s learns from the kernel that a connection over %s is of its own user',
  async (listen, host) => {
    const port = await startProgram(listen)
    expect(await visit(host, port)).toBe('known')
  },
)

test.runIf(target && canBeNobody).each(ways)(
  'an executable on %s learns from the kernel that a connection over %s is of nobody it knows',
  async (listen, host) => {
    const port = await startProgram(listen)
    expect(await visitAsNobody(host, port)).toBe('not known')
    expect(await visit(host, port)).toBe('known')
  },
)
