import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { signInThroughForm } from '../world/login-driver.ts'
import { pluginCommand } from '../world/plugin-command.ts'
import { startProvider } from '../world/provider.ts'
import { claimsOf, computer, stopped } from '../world/world.ts'

/** The browser of another computer: where it ends, nobody listens for the plugin. */
async function elsewhere() {
  const visited: string[] = []
  const server = createServer((request, response) => {
    visited.push(request.url ?? '')
    response.end('this site can not be reached')
  })
  await new Promise<void>((done) => server.listen(0, done))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { redirectUrl: `http://localhost:${port}`, visited }
}

/** Runs the plugin in a terminal of its own: util-linux's `script` makes one. */
function inTerminal(args: readonly string[], env: Record<string, string>) {
  const command = [...pluginCommand, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { type: (line: string) => child.stdin.write(`${line}\n`), screen: () => screen, ended }
}

test.runIf(process.platform === 'linux')(
  'an address that is pasted into the terminal signs in when the browser runs elsewhere',
  async () => {
    const john = await computer()
    const provider = stopped(await startProvider({ authority: john.authority }))
    const { redirectUrl, visited } = await elsewhere()
    const terminal = inTerminal(
      [
        'get-token',
        ...john.options(provider.issuer),
        '--skip-open-browser',
        `--oidc-redirect-url=${redirectUrl}`,
      ],
      { HOME: john.home },
    )
    const url = await vi.waitUntil(() => /https:\/\/\S+\/auth\?\S+/.exec(terminal.screen())?.[0], {
      timeout: 20_000,
    })
    await signInThroughForm(url, {
      username: 'john',
      password: 'john-password',
      ca: provider.caPem,
    })
    terminal.type('what now?')
    await vi.waitUntil(() => terminal.screen().includes('not a whole address'), { timeout: 20_000 })
    terminal.type(redirectUrl + visited.find((path) => path.startsWith('/?')))
    expect(await terminal.ended).toBe(0)
    const token = /"token":"([^"]+)"/.exec(terminal.screen())?.[1] ?? ''
    expect(claimsOf(token)).toMatchObject({ iss: provider.issuer, preferred_username: 'john' })
  },
)
