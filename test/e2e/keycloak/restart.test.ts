import { appendFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { send } from '../../world/api/test-client.ts'
import { startApiServer } from '../../world/api-server.ts'
import { createAuthority } from '../../world/certificates.ts'
import { ask } from '../../world/gateway/ask.ts'
import { issuerYaml } from '../../world/gateway/authentication-yaml.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { gatewayWorld } from '../../world/gateway/program.ts'
import { john as johnsAccount } from '../../world/provider-accounts.ts'
import { expireSession, readSession } from '../../world/sessions.ts'
import { claimsOf, stopped, tokenOf } from '../../world/world.ts'
import { chromiumPath } from '../browser.ts'
import { atKeycloak } from './at-keycloak.ts'
import { createRealm, keycloakHome, type Realm, startKeycloak } from './index.ts'
import { signIn } from './pages.ts'

const services = '/api/v1/namespaces/default/services'

describe.skipIf(!keycloakHome || !chromiumPath)('a Keycloak that is restarted', () => {
  test('keeps nobody out: an error while it is down, one sign-in when it has new keys', async () => {
    const authority = await createAuthority()
    const first = await startKeycloak({ authority })
    const name = 'kubernetes'
    const at = await atKeycloak({ keycloak: first, name })
    const { john, realm, options, visit, countVisits } = at
    const { issuer, caPem } = realm
    const oidc = { issuer, clientId: 'kubernetes', certificateAuthorityPem: caPem }
    const api = stopped(await startApiServer({ authority, oidc }))
    const args = ['get-token', ...options()]
    const before = john.start(args)
    await signIn(await visit())
    const old = tokenOf((await before.ended).stdout)
    expect(await send(api, { path: services, token: old })).toMatchObject({ status: 200 })
    const gateway = await gatewayFor(realm)
    expect(await gateway.ask(old)).toBe(200)

    await first.stop()
    expireSession(john.sessions)
    const session = JSON.stringify(readSession(john.sessions))
    const down = await john.run(args)
    expect({ exitCode: down.exitCode, stdout: down.stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(down.stderr).toContain('cannot be reached')
    expect(await gateway.ask(old)).toBe(200)
    expect(JSON.stringify(readSession(john.sessions)) === session).toBe(true)

    const second = stopped(await startKeycloak({ authority, port: first.port }))
    await createRealm(second, { name })
    const after = john.start(args)
    await signIn(await visit())
    const { exitCode, stdout, stderr } = await after.ended
    expect(exitCode, stderr).toBe(0)
    const token = tokenOf(stdout)
    expect(claimsOf(token).sub).toBe(realm.subjectOf(johnsAccount))
    expect(await send(api, { path: services, token })).toMatchObject({ status: 200 })
    expect(await send(api, { path: services, token: old })).toMatchObject({ status: 401 })
    await gateway.keysAreOlderThan(30)
    expect(await gateway.ask(token)).toBe(200)
    expect(await gateway.ask(old)).toBe(401)
    const loads = await gateway.keyLoads()
    const unknown = await gateway.withUnknownKeys(10)
    expect(new Set(await Promise.all(unknown.map(gateway.ask)))).toEqual(new Set([401]))
    expect(await gateway.keyLoads()).toEqual(loads)
    expect((await john.run(args)).stderr).toBe('')
    expect(countVisits()).toBe(2)
  }, 800_000)
})

/** A gateway that believes a realm. */
async function gatewayFor({ issuer, caPem }: Realm) {
  const world = await gatewayWorld()
  world.configure('acknowledge: [shared-usernames, shared-groups]')
  appendFileSync(world.configFile, issuerYaml({ issuer, certPem: caPem }))
  const { port, operationsPort } = await world.serve()
  /** Values of the series of a metric that are about the realm. */
  const about = async (name: string): Promise<readonly number[]> => {
    const answer = await fetch(`http://127.0.0.1:${operationsPort}/metrics`)
    const lines = (await answer.text()).split('\n')
    return lines
      .filter((line) => line.startsWith(`${name}{`) && line.includes(issuer))
      .map((line) => Number(line.split(' ').at(-1)))
  }
  return {
    ask: async (token: string): Promise<number> =>
      (await ask({ port, ca: world.authority.certPem, path: services, token })).status,
    /** Tokens that say that they come from the realm, by keys that it does not have. */
    async withUnknownKeys(count: number): Promise<readonly string[]> {
      const tokens: string[] = []
      for (let index = 0; index < count; index += 1) {
        await world.issuer.rotate()
        tokens.push(await world.issuer.sign({ iss: issuer, preferred_username: 'john' }))
      }
      return tokens
    },
    keyLoads: async () => await about('oidc_gateway_issuer_key_loads_total'),
    /** Until then a token cannot make the gateway ask for keys again. */
    keysAreOlderThan: async (seconds: number) =>
      await eventually(
        async () => ((await about('oidc_gateway_issuer_keys_age_seconds'))[0] ?? 0) > seconds,
      ),
  }
}
