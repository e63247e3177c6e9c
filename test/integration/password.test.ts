import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasPseudoTerminal, startOnTerminal } from '../world/pseudo-terminal.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { ScriptedHooks } from '../world/scripted-provider-hooks.ts'
import { readSession, sessionFiles } from '../world/sessions.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  return { john, provider, getToken: ['get-token', ...john.options(provider.issuer)] }
}

const execInfo = (interactive: boolean) => ({
  KUBERNETES_EXEC_INFO: JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive },
  }),
})

test('--username makes the grant "password": no browser, and the session belongs to that user', async () => {
  const { john, provider, getToken } = await world()
  const args = [...getToken, '--username=john', '--password=john-password']
  const { exitCode, stdout, stderr } = await john.run(args)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(claimsOf(tokenOf(stdout))).toMatchObject({ preferred_username: 'john' })
  expect(provider.requests.map(({ grantType }) => grantType)).toContain('password')
  expect(john.openedPages()).toBe(0)
  expect(readSession(john.sessions).identity).toMatchObject({ username: 'john' })
})

test('two users of one client have a session each', async () => {
  const { john, getToken } = await world()
  for (const name of ['john', 'jane', 'john']) {
    const args = [...getToken, `--username=${name}`, `--password=${name}-password`]
    const { stdout } = await john.run(args)
    expect(claimsOf(tokenOf(stdout)).preferred_username).toBe(name)
  }
  expect(sessionFiles(john.sessions)).toHaveLength(2)
})

test('the password can come from a file or from the environment', async () => {
  const { john, getToken } = await world()
  const path = join(john.home, 'password')
  writeFileSync(path, 'john-password\n')
  const args = [...getToken, '--grant-type=password', '--username=john']
  const fromFile = await john.run([...args, '--password-file=~/password'])
  expect(fromFile.exitCode, fromFile.stderr).toBe(0)
  await john.run(['clean'])
  const fromEnvironment = await john.run(args, {
    env: { KUBECTL_OIDC_LOGIN_PASSWORD: 'john-password' },
  })
  expect(fromEnvironment.exitCode, fromEnvironment.stderr).toBe(0)
})

test('the client secret can come from a file, and only from one place', async () => {
  const seen: (string | undefined)[] = []
  const { john, getToken } = await world({
    token: ({ authorization }, answer) => {
      seen.push(authorization)
      return answer
    },
  })
  const path = join(john.home, 'secret')
  writeFileSync(path, 'from-a-file\r\n')
  const args = [...getToken, `--oidc-client-secret-file=${path}`]
  expect((await john.run(args)).exitCode).toBe(0)
  expect(seen.map((header) => decodeBasic(header))).toEqual(['kubernetes:from-a-file'])
  const both = await john.run([...args, '--oidc-client-secret=another', '--force-refresh'])
  expect(both.exitCode).toBe(2)
  expect(both.stderr).toContain('--oidc-client-secret and --oidc-client-secret-file exclude')
})

function decodeBasic(header: string | undefined): string {
  return decodeURIComponent(Buffer.from(header?.slice(6) ?? '', 'base64').toString())
}

test('a wrong password is named as such, and nothing is kept', async () => {
  const { john, getToken } = await world()
  const args = [...getToken, '--username=john', '--password=wrong-password']
  const { exitCode, stdout, stderr } = await john.run(args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
  expect(stderr).toMatch(/refused the user name or the password: invalid_grant/)
  expect(stderr).toMatch(/second factor/)
  expect(sessionFiles(john.sessions)).toEqual([])
})

test('options of the password grant that another grant ignores are told, not refused', async () => {
  const { john, getToken } = await world()
  const args = [...getToken, '--grant-type=authcode', '--username=john', '--password=john-password']
  const { exitCode, stderr } = await john.run(args)
  expect(exitCode).toBe(0)
  expect(stderr).toContain('--grant-type=authcode does not use it: --username, --password.')
  expect(john.openedPages()).toBe(1)
})

test.runIf(process.platform !== 'win32')(
  'kubectl forbids to ask: nothing is asked, with a hint',
  async () => {
    const { john, getToken } = await world()
    const { exitCode, stdout, stderr } = await john.run([...getToken, '--grant-type=password'], {
      env: execInfo(false),
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/To type the user name, kubectl must allow/)
    expect(stderr).toMatch(/Give --username\..*interactiveMode: IfAvailable/)
  },
)

describe.runIf(hasPseudoTerminal)('at a terminal', () => {
  test('name and password are asked for, the password is not shown, and stdin is left alone', async () => {
    const { john, getToken } = await world()
    const stdin = join(john.home, 'manifest.yaml')
    writeFileSync(stdin, 'not-a-name\nnot-a-password\n')
    const run = startOnTerminal([...getToken, '--grant-type=password'], { home: john.home, stdin })
    await run.shows(/Username: $/)
    run.type('john\r')
    await run.shows(/Password: $/)
    run.type('wrong\u0015john-passwort\u007fd\r')
    const { exitCode, stdout, screen } = await run.ended
    expect(exitCode, screen).toBe(0)
    expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
    expect(screen).toContain('john\r\n')
    expect(screen.includes('passwor')).toBe(false)
  })

  test('Ctrl-C at the password ends with 130', async () => {
    const { john, getToken } = await world()
    const run = startOnTerminal([...getToken, '--username=john'], { home: john.home })
    await run.shows(/Password: $/)
    run.type('\u0003')
    expect(await run.ended).toMatchObject({ exitCode: 130, stdout: '' })
  })

  test('nobody types: the time ends', async () => {
    const { john, getToken } = await world()
    const args = [...getToken, '--username=john', '--authentication-timeout-sec=1']
    const { exitCode, screen } = await startOnTerminal(args, { home: john.home }).ended
    expect(exitCode).toBe(5)
    expect(screen).toContain('Nobody signed in within 1 s.')
  })
})
