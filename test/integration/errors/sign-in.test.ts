import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import type { ScriptedHooks } from '../../world/scripted-provider-hooks.ts'
import { computer, stopped } from '../../world/world.ts'
import { expectFailure, type Failure } from './expect-failure.ts'

async function world(hooks: ScriptedHooks = {}) {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority, hooks }))
  return { john, getToken: ['get-token', ...john.options(provider.issuer), '-v1'] }
}

const cancelled: ScriptedHooks = {
  authorize: ({ code: _, ...redirect }) => ({ ...redirect, error: 'access_denied' }),
}

interface Case extends Failure {
  readonly hooks: ScriptedHooks
}

const cases: Readonly<Record<string, Case>> = {
  '`sign_in_refused`: the user pressed Cancel': {
    code: 'sign_in_refused',
    hooks: cancelled,
    says: /The sign-in was refused: access_denied\./,
    hint: /Run the command again\. If it was not cancelled in the browser, the provider does not let this user in\./,
  },
  '`client_refused`: the provider does not know the client': {
    code: 'client_refused',
    hooks: { token: () => ({ error: 'invalid_client' }) },
    says: /The provider does not accept this client: invalid_client\./,
    hint: /Check --oidc-client-id, --oidc-client-secret and --oidc-client-auth-method against the client registered at the provider\./,
  },
  '`token_invalid`: the token is for somebody else': {
    code: 'token_invalid',
    hooks: { idTokenClaims: (claims) => ({ ...claims, aud: 'another-client' }) },
    says: /The provider issued a token that cannot be trusted: its claim "aud" is wrong\./,
    hint: /Tell the operator of the provider\. Nothing was kept\./,
  },
  '`token_missing`: the answer holds no ID token': {
    code: 'token_missing',
    hooks: { token: (_, { id_token, ...answer }) => answer },
    says: /The provider issued no ID token\./,
    hint: /Allow the scope "openid" for this client at the provider, or use its access token with --oidc-use-access-token\./,
  },
}

test.each(Object.entries(cases))('%s', async (_, { hooks, ...failure }) => {
  const { john, getToken } = await world(hooks)
  expectFailure(await john.run(getToken), failure)
})

test('`cooling_down`: a program repeats a sign-in that was refused', async () => {
  const { john, getToken } = await world(cancelled)
  expect((await john.run(getToken)).exitCode).toBe(4)
  expectFailure(await john.run(getToken), {
    code: 'cooling_down',
    says: /No new sign-in is started: the last one failed \d+ seconds? ago\. The sign-in was refused: access_denied\./,
    hint: /Wait \d+ seconds, or run "kubectl oidc-login login" with the same options to sign in now\./,
  })
  expect(john.openedPages()).toBe(1)
})

test('`sign_in_timed_out`: nobody looks at the browser', async () => {
  const { john, getToken } = await world()
  const alone = ['--skip-open-browser', '--authentication-timeout-sec=1']
  expectFailure(await john.run([...getToken, ...alone]), {
    code: 'sign_in_timed_out',
    says: /Nobody signed in within 1 s\./,
    hint: /Run the command again\. To have more time, give --authentication-timeout-sec\./,
  })
})

test('`lock_timed_out`: another process signs in', async () => {
  const { john, getToken } = await world()
  const holder = john.start([...getToken, '--skip-open-browser'])
  await holder.said(/visit this URL/)
  expectFailure(await john.run([...getToken, '--lock-timeout-sec=1']), {
    code: 'lock_timed_out',
    says: new RegExp(
      `Process ${holder.child.pid} has been signing in for \\d+ seconds?\\. Waiting for it ended after 1 second\\.`,
    ),
    hint: new RegExp(
      `Wait until it is done, end process ${holder.child.pid}, or delete \\S+\\.lock if no such process runs\\.`,
    ),
  })
})

test('`listen_address_unavailable`: another program has the port', async () => {
  const { john, getToken } = await world()
  const other = createServer()
  onTestFinished(() => void other.close())
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const port: unknown = Object(other.address()).port
  const args = getToken.map((option) =>
    option.startsWith('--listen-address=') ? `--listen-address=127.0.0.1:${port}` : option,
  )
  expectFailure(await john.run(args), {
    code: 'listen_address_unavailable',
    says: new RegExp(
      `The browser's answer cannot be received: 127\\.0\\.0\\.1:${port} is in use by .+\\.`,
    ),
    hint: /Stop the program that is in the way, or give another --listen-address; .+/,
  })
})

test('`terminal_unavailable`: kubectl forbids to ask for the password', async () => {
  const { john, getToken } = await world()
  const info = { apiVersion: 'client.authentication.k8s.io/v1', spec: { interactive: false } }
  const result = await john.run([...getToken, '--grant-type=password', '--username=john'], {
    env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
  })
  expectFailure(result, {
    code: 'terminal_unavailable',
    says: /To type the password, kubectl must allow the plugin to ask\./,
    hint: /.*--password.* Or sign in beforehand: run "kubectl oidc-login login" with the same options in a terminal\. .+/,
  })
})
