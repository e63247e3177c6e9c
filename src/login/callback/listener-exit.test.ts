import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { connect, readToEnd, requestText, validQuery } from './testing/visitor.ts'

/** A process that has nothing to do after its sign-in must end, whatever its visitors do. */

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Runs a program with a listener; `port` is where it listens, `exitCode` how it ends by itself. */
async function run(
  afterwards: string,
): Promise<{ port: number; exitCode: Promise<number | null> }> {
  const helper = new URL('./testing/visitor.ts', import.meta.url).href
  const program = `
    import { startListener } from '${helper}'
    const { listener, port, abort } = await startListener()
    process.stdout.write(port + '\\n')
    ${afterwards}
  `
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const options = ['--import', tsx, '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const exitCode = new Promise<number | null>((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    return { port: Number(line), exitCode }
  }
  throw new Error('the program did not start')
}

const endings: readonly (readonly [string, string])[] = [
  [
    'after finish()',
    "await listener.received; await listener.finish({ kind: 'signed-in', identity: 'john' })",
  ],
  ['after close()', 'await listener.received; listener.close()'],
  ['after an abort', 'await listener.received; abort.abort()'],
]

for (const [name, afterwards] of endings) {
  it(`the process ends by itself ${name}, although clients hold connections open`, async () => {
    const { port, exitCode } = await run(afterwards)
    const idle = await connect(port)
    const slow = await connect(port)
    slow.write('GET / HTTP/1.1\r\nHost: local')
    const browser = await connect(port)
    const page = readToEnd(browser)
    const headers = ['Connection: keep-alive']
    browser.write(requestText(port, { target: `/?${validQuery}`, headers }))
    expect(await exitCode).toBe(0)
    expect((await page).includes('john')).toBe(name === 'after finish()')
    for (const socket of [idle, slow]) socket.destroy()
  })
}
