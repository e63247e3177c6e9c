import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { computer, stopped } from '../world/world.ts'
import { examine } from './doctor/examine.ts'

/** Where not even root can write. */
const readOnly = '/sys/oidc-login'

async function world() {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const runtime = join(john.home, 'runtime')
  mkdirSync(runtime, { mode: 0o700 })
  const options = john.options(provider.issuer, `--token-cache-dir=${readOnly}`)
  return { john, options, env: { XDG_RUNTIME_DIR: runtime }, runtime }
}

test.runIf(process.platform === 'linux')(
  'in a folder in which nothing can be written, people are asked one after the other',
  async () => {
    const { john, options, env, runtime } = await world()
    const getToken = ['get-token', ...options, '--skip-open-browser']
    const first = john.start(getToken, { env })
    await first.said(/visit this URL/)
    const second = john.start(getToken, { env })
    await second.said(
      new RegExp(`Waiting for process ${first.child.pid}, which has been signing in`),
    )
    expect(second.stderr()).not.toContain('visit this URL')
    const { of } = await examine(john, options, env)
    expect(of('lock')).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining(`Process ${first.child.pid} has been signing in`),
    })
    first.child.kill('SIGINT')
    expect((await first.ended).exitCode).toBe(130)
    await second.said(/visit this URL/)
    second.child.kill('SIGINT')
    await second.ended
    expect(readdirSync(join(runtime, 'kubectl-oidc-login'))).toEqual([])
  },
)

test.runIf(process.platform === 'linux')(
  'a sign-in there is not lost, and the doctor says what it costs',
  async () => {
    const { john, options, env } = await world()
    const { exitCode, stderr } = await john.run(['get-token', ...options], { env })
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('The next command has to sign in again.')
    const { of } = await examine(john, options, env)
    expect(of('session-folder')).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('every command signs in by itself'),
      remedy: expect.stringContaining('--token-cache-dir'),
    })
  },
)
