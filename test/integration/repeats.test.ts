import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import type { Json } from '../world/scripted-provider-hooks.ts'
import { expireSession } from '../world/sessions.ts'
import { computer, stopped } from '../world/world.ts'

test('a refresh whose answer was lost is saved by a provider with a grace period', async () => {
  const john = await computer()
  const answers = new Map<string, Json>()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        token: ({ grantType, form }, answer) => {
          if (grantType !== 'refresh_token') return answer
          const spent = form.get('refresh_token') ?? ''
          const first = answers.get(spent)
          answers.set(spent, first ?? answer)
          return first ?? answer
        },
      },
    }),
  )
  const getToken = ['get-token', ...john.options(provider.issuer)]
  await john.run(getToken)
  expireSession(john.sessions)
  provider.faults.once('token', 'lost')
  const { exitCode, stderr } = await john.run(getToken)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expireSession(john.sessions)
  expect((await john.run(getToken)).exitCode).toBe(0)
  expect(john.openedPages()).toBe(1)
})

test('a refresh whose answer was lost ends in one sign-in where spent tokens are refused', async () => {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always' }),
  )
  const getToken = ['get-token', ...john.options(provider.issuer)]
  await john.run(getToken)
  expireSession(john.sessions)
  provider.faults.once('token', 'lost')
  const { exitCode, stderr } = await john.run(getToken)
  expect(exitCode, stderr).toBe(0)
  expect(stderr).toContain('The provider has ended the session. Signing in again.')
  expect(john.openedPages()).toBe(2)
})

test('a code whose answer was lost is not sent again', async () => {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  provider.faults.once('token', 'lost')
  const { exitCode, stderr } = await john.run(['get-token', ...john.options(provider.issuer)])
  expect(exitCode).toBe(3)
  expect(stderr).toContain('cannot be reached')
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1)
})

test('a client that signs its requests signs each attempt anew', async () => {
  const robot = await computer()
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = join(robot.home, 'client.pem')
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const jwk = { ...(await exportJWK(publicKey)), kid: 'laptop', alg: 'ES256', use: 'sig' }
  const provider = stopped(
    await startProvider({
      authority: robot.authority,
      clients: [
        {
          client_id: 'kubernetes',
          redirect_uris: [],
          response_types: [],
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [jwk] },
        },
      ],
    }),
  )
  const getToken = [
    'get-token',
    ...robot.options(provider.issuer),
    '--grant-type=client-credentials',
    '--oidc-use-access-token',
    `--oidc-client-key=${key}`,
    '--oidc-client-key-id=laptop',
  ]
  provider.faults.once('token', 'lost')
  const { exitCode, stderr } = await robot.run(getToken)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(2)
})

test('a JWT that others have issued for the client is not sent again: a hiccup is told as one', async () => {
  const robot = await computer()
  const provider = stopped(await startScriptedProvider({ authority: robot.authority }))
  const assertion = join(robot.home, 'assertion')
  writeFileSync(assertion, 'a.b.c')
  provider.faults.once('token', 'lost')
  const { exitCode, stderr } = await robot.run([
    'get-token',
    ...robot.options(provider.issuer),
    '--grant-type=client-credentials',
    `--oidc-client-assertion-file=${assertion}`,
  ])
  expect(exitCode, stderr).toBe(3)
  expect(stderr).toContain('cannot be reached')
  expect(provider.requests.filter(({ endpoint }) => endpoint === 'token')).toHaveLength(1)
})
