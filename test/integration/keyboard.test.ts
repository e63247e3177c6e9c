import { describe, expect, test } from 'vitest'
import { nodeSystem } from '../../src/system/index.ts'
import { hasPseudoTerminal, startOnTerminal } from '../world/pseudo-terminal.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { claimsOf, computer, stopped, tokenOf } from '../world/world.ts'

const redirectUrl = 'https://codes.example.com/show'

async function world() {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const getToken = ['get-token', ...john.options(provider.issuer), '--grant-type=authcode-keyboard']
  return { john, provider, getToken, whole: [...getToken, `--oidc-redirect-url=${redirectUrl}`] }
}

/** John visits the printed URL with a browser elsewhere. */
async function atTheTerminal() {
  const { john, provider, whole } = await world()
  const run = startOnTerminal(whole, { home: john.home })
  const [, url = ''] = await run.shows(/visit this URL.*:\r\n\r\n {2}(\S+)\r\n/)
  await run.shows(/Code, or the address that the browser ended on: $/)
  const { http } = nodeSystem(new AbortController().signal)
  const visit = http.connect({
    certificateAuthorities: [provider.caPem ?? ''],
    timeoutMs: 30_000,
  })
  const landed = new URL((await visit(url)).headers.get('location') ?? '')
  return { john, run, landed }
}

test('it needs a redirect URL', async () => {
  const { john, getToken } = await world()
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/authcode-keyboard needs --oidc-redirect-url\.\nGive a redirect URI/)
})

test('it says so when there is nobody to type', async () => {
  const { john, whole } = await world()
  const info = { apiVersion: 'client.authentication.k8s.io/v1', spec: { interactive: false } }
  const { exitCode, stderr } = await john.run(whole, {
    env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
  })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/To type the code, kubectl must allow.*\n.*device-code/)
})

describe.runIf(hasPseudoTerminal)('at a terminal', () => {
  test('the bare code is accepted', async () => {
    const { run, landed } = await atTheTerminal()
    expect(landed.origin + landed.pathname).toBe(redirectUrl)
    run.type(`${landed.searchParams.get('code')}\r`)
    const { exitCode, stdout } = await run.ended
    expect(exitCode).toBe(0)
    expect(claimsOf(tokenOf(stdout)).preferred_username).toBe('john')
  })

  test('the pasted address is accepted when it belongs to this sign-in, and only then', async () => {
    const { run, landed } = await atTheTerminal()
    const foreign = new URL(landed)
    foreign.searchParams.set('state', 'of-another-sign-in')
    run.type(`${foreign.href}\r`)
    await run.shows(/state is not that of this sign-in/)
    const elsewhere = new URL(landed)
    elsewhere.searchParams.set('iss', 'https://evil.example.com')
    run.type(`${elsewhere.href}\r`)
    await run.shows(/names another issuer/)
    run.type(`${landed.href}\r`)
    expect((await run.ended).exitCode).toBe(0)
  })

  test('a code of another sign-in is refused by the provider', async () => {
    const { run } = await atTheTerminal()
    run.type('made-up-code\r')
    const { exitCode, screen } = await run.ended
    expect(exitCode).toBe(4)
    expect(screen).toContain('invalid_grant')
  })
})
