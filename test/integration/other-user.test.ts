import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { sessionFiles } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

const nobody = 65_534
const canBeNobody = process.platform === 'linux' && process.getuid?.() === 0

/** Fetches a URL as another user of this computer, who cannot read our files. */
async function fetchAsNobody(url: string): Promise<string> {
  const program = 'fetch(process.argv[1]).then((a) => console.log(a.status))'
  const child = spawn(process.execPath, ['-e', program, url], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return (await text(child.stdout)).trim()
}

/** Asks as another user, and is gone before anybody could look whose connection it was. */
async function askAndLeaveAsNobody(url: string, leave: 'destroy' | 'resetAndDestroy') {
  const program = `
    const { hostname, port, pathname, search } = new URL(process.argv[1])
    const socket = require('node:net').connect({ host: '127.0.0.1', port }, () => {
      socket.write('GET ' + pathname + search + ' HTTP/1.1\\r\\nHost: ' + hostname + ':' + port + '\\r\\n\\r\\n', () =>
        socket[process.argv[2]]())
    })`
  const child = spawn(process.execPath, ['-e', program, url, leave], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    stdio: 'ignore',
  })
  await new Promise((done) => child.once('close', done))
}

test.runIf(canBeNobody).each(['destroy', 'resetAndDestroy'] as const)(
  'another user cannot end the sign-in either by a request after which he hangs up (%s)',
  async (leave) => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const options = [...john.options(provider.issuer), '--skip-open-browser']
    const run = john.start(['get-token', ...options, '--authentication-timeout-sec=6'])
    const [url] = await run.said(/https:\/\/localhost:\d+\/authorize\?\S+/)
    const { searchParams } = new URL(url)
    const answer = new URL(searchParams.get('redirect_uri') ?? '')
    answer.searchParams.set('state', searchParams.get('state') ?? '')
    answer.searchParams.set('iss', provider.issuer)
    answer.searchParams.set('code', 'of-the-stranger')
    for (let times = 0; times < 5; times += 1) await askAndLeaveAsNobody(answer.href, leave)
    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 5, stdout: '' })
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toEqual([])
  },
)

test.runIf(canBeNobody)(
  'another user who read the URL in ps can neither answer nor end the sign-in',
  async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const options = [...john.options(provider.issuer), '--skip-open-browser']
    const run = john.start(['get-token', ...options, '--authentication-timeout-sec=6'])
    const [url] = await run.said(/https:\/\/localhost:\d+\/authorize\?\S+/)
    const { searchParams } = new URL(url)
    const callback = new URL(searchParams.get('redirect_uri') ?? '')
    callback.searchParams.set('state', searchParams.get('state') ?? '')
    callback.searchParams.set('iss', provider.issuer)
    const answer = new URL(callback)
    answer.searchParams.set('code', 'of-the-stranger')
    const refusal = new URL(callback)
    refusal.searchParams.set('error', 'access_denied')
    expect(await fetchAsNobody(answer.href)).toBe('403')
    expect(await fetchAsNobody(refusal.href)).toBe('403')
    const { exitCode, stdout, stderr } = await run.ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' })
    expect(stderr).toContain('another user of this computer')
    expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toEqual([])
    expect(sessionFiles(john.sessions)).toEqual([])
  },
)
