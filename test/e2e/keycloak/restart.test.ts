import { describe, expect, test } from 'vitest'
import { send } from '../../world/api/test-client.ts'
import { startApiServer } from '../../world/api-server.ts'
import { createAuthority } from '../../world/certificates.ts'
import { john as johnsAccount } from '../../world/provider-accounts.ts'
import { expireSession, readSession } from '../../world/sessions.ts'
import { claimsOf, stopped, tokenOf } from '../../world/world.ts'
import { chromiumPath } from '../browser.ts'
import { atKeycloak } from './at-keycloak.ts'
import { createRealm, keycloakHome, startKeycloak } from './index.ts'
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

    await first.stop()
    expireSession(john.sessions)
    const session = JSON.stringify(readSession(john.sessions))
    const down = await john.run(args)
    expect({ exitCode: down.exitCode, stdout: down.stdout }).toEqual({ exitCode: 3, stdout: '' })
    expect(down.stderr).toContain('cannot be reached')
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
    expect((await john.run(args)).stderr).toBe('')
    expect(countVisits()).toBe(2)
  }, 800_000)
})
