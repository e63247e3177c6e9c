import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { signInThroughForm } from '../world/login-driver.ts'
import { startProvider, type TestProvider } from '../world/provider.ts'
import type { Fault } from '../world/provider-faults.ts'
import { computer, stopped } from '../world/world.ts'

/** Starts a sign-in; nobody has visited the provider yet. */
async function waiting(fault?: Fault) {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  if (fault) provider.faults.always('jwks', fault)
  const run = john.start(['get-token', ...john.options(provider.issuer), '--skip-open-browser'])
  const [url] = await run.said(/https:\/\/localhost:\d+\/auth\?\S+/)
  const signIn = async () => {
    const { username, password } = { username: 'john', password: 'john-password' }
    await signInThroughForm(url, { username, password, ca: provider.caPem })
    return await run.ended
  }
  return { provider, signIn }
}

function requestsTo(provider: TestProvider, endpoint: 'discovery' | 'jwks' | 'token') {
  return provider.requests.filter((request) => request.endpoint === endpoint)
}

async function keysAreFetched(provider: TestProvider, times = 1): Promise<void> {
  while (requestsTo(provider, 'jwks').filter(({ status }) => status).length < times) await sleep(20)
}

test('the keys are fetched while the person is in the browser, and not again', async () => {
  const { provider, signIn } = await waiting()
  await keysAreFetched(provider)
  const { exitCode, stderr } = await signIn()
  expect(exitCode, stderr).toBe(0)
  expect(requestsTo(provider, 'jwks')).toHaveLength(1)
})

test('requests to the provider that follow each other use one connection', async () => {
  const { provider, signIn } = await waiting()
  await keysAreFetched(provider)
  const [discovery, keys] = (['discovery', 'jwks'] as const).map(
    (endpoint) => requestsTo(provider, endpoint)[0]?.clientPort,
  )
  expect(keys).toBe(discovery)
  expect((await signIn()).exitCode).toBe(0)
})

test('keys that could not be fetched ahead are fetched before the code is spent', async () => {
  const { provider, signIn } = await waiting({ status: 404 })
  await keysAreFetched(provider)
  provider.faults.clear('jwks')
  const { exitCode, stderr } = await signIn()
  expect(exitCode, stderr).toBe(0)
  const [keys, token] = (['jwks', 'token'] as const).map((endpoint) =>
    provider.requests.findLastIndex((request) => request.endpoint === endpoint),
  )
  expect(keys).toBeLessThan(token ?? -1)
})

test('keys that are still not to be had end the sign-in before the code is spent', async () => {
  const { provider, signIn } = await waiting({ status: 404 })
  await keysAreFetched(provider)
  const { exitCode, stderr } = await signIn()
  expect(exitCode, stderr).not.toBe(0)
  expect(requestsTo(provider, 'token')).toEqual([])
})

test('a provider that changes its keys while the person is in the browser is asked again', async () => {
  const { provider, signIn } = await waiting()
  await keysAreFetched(provider)
  await provider.rotateKeys()
  const { exitCode, stderr } = await signIn()
  expect(exitCode, stderr).toBe(0)
  expect(requestsTo(provider, 'jwks')).toHaveLength(2)
})
