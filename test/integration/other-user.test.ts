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
