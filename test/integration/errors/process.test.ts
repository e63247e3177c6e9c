import { spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { pluginCommand } from '../../world/plugin-command.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { storeSession } from '../../world/sessions.ts'
import { computer, stopped } from '../../world/world.ts'
import { expectFailure } from './expect-failure.ts'

const issuer = 'https://sso.example.com'
const getToken = ['get-token', `--oidc-issuer-url=${issuer}`, '--oidc-client-id=kubernetes']

test('`unexpected`: a programming error is named by its kind and place, whatever it quotes', async () => {
  const john = await computer()
  const broken = join(john.home, 'broken.mjs')
  writeFileSync(broken, `JSON.stringify = () => { throw new TypeError('the token is hunter2') }`)
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(broken)}` }
  const result = await john.run([...getToken, '-v1'], { env })
  expect(result.stderr).not.toContain('hunter2')
  expectFailure(result, {
    code: 'unexpected',
    says: /An unexpected error occurred \(TypeError at dist[/\\][\w-]+\.js:\d+:\d+\)\./,
    hint: /Please report it with the command that you ran and the version\./,
  })
})

test('`checks_failed`: the doctor found something', async () => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['doctor', '-v1', '--token-cache-dir=/dev/null'], {
    env: { PATH: john.home },
  })
  expect(exitCode).toBe(1)
  expect(stderr).toContain(' failed with the error checks_failed\n')
  expect(stderr).toMatch(
    /error: (One check|\d+ checks) failed\.\nBegin with the first one: the others may follow from it\.\n$/,
  )
})

/** Runs the plugin with stdout somewhere. */
async function runInto(stdout: number | 'pipe', args: readonly string[], home: string) {
  const child = spawn(pluginCommand[0], [...pluginCommand.slice(1), ...args], {
    stdio: ['ignore', stdout, 'pipe'],
    env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home },
  })
  child.stdout?.destroy()
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exitCode = await new Promise<number | null>((done) => child.once('close', done))
  return { exitCode, stdout: '', stderr }
}

test.runIf(process.platform === 'linux')(
  '`output_unwritable`: the disk that stdout goes to is full',
  async () => {
    const john = await computer()
    await storeSession(john.sessions, { issuer })
    const full = openSync('/dev/full', 'w')
    const result = await runInto(full, [...getToken, '-v1'], john.home)
    closeSync(full)
    expectFailure(result, {
      code: 'output_unwritable',
      says: /stdout cannot be written \(ENOSPC\)\./,
      hint: /Check the disk or the device that stdout goes to\./,
    })
  },
)

test.runIf(process.platform !== 'win32')(
  '`output_unwritable`: nobody reads the credential any more',
  async () => {
    const john = await computer()
    await storeSession(john.sessions, { issuer })
    expectFailure(await runInto('pipe', [...getToken, '-v1'], john.home), {
      code: 'output_unwritable',
      says: /stdout cannot be written \(the program that reads it has ended, EPIPE\)\./,
      hint: /Let the program behind the pipe read to the end\./,
    })
  },
)

test.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '`interrupted`: %s during a sign-in',
  async (signal) => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const options = [...john.options(provider.issuer), '--skip-open-browser', '-v1']
    const run = john.start(['get-token', ...options])
    await run.said(/visit this URL/)
    run.child.kill(signal)
    expectFailure(await run.ended, { code: 'interrupted', says: /Interrupted\./ })
  },
)
