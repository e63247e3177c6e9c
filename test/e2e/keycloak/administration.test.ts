import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { temporaryFolder } from '../../world/folder.ts'
import { gatewayPath, startGatewayProgram } from '../../world/gateway/program.ts'
import { hasPseudoTerminal, startOnTerminal } from '../../world/pseudo-terminal.ts'
import { noteSecrets } from '../../world/secrets.ts'
import { claimsOf, tokenOf } from '../../world/world.ts'
import { chromiumPath } from '../browser.ts'
import { atKeycloak } from './at-keycloak.ts'
import { keycloakHome, sharedKeycloak } from './index.ts'
import { signIn } from './pages.ts'
import { administration, newRealmName, realmNamed } from './realm.ts'
import { send } from './request.ts'
import type { KeycloakAccess } from './server.ts'

const john = { username: 'john', password: 'password-of-john' }
const people = ['--test-user=john', '--group=developers']

/** Somebody who administers a realm with `oidc-gateway keycloak`. */
async function administrator(access: KeycloakAccess, realm = newRealmName()) {
  const folder = temporaryFolder()
  const path = (name: string): string => join(folder, name)
  writeFileSync(path('ca.pem'), access.caPem)
  writeFileSync(path('john'), `${john.password}\n`)
  noteSecrets([
    ['password', access.adminPassword],
    ['password', john.password],
  ])
  const options = [
    `--url=${access.origin}`,
    `--certificate-authority=${path('ca.pem')}`,
    `--realm=${realm}`,
  ]
  const administer = administration(access)
  const below = `/admin/realms/${realm}`
  return {
    realm,
    folder,
    options: ['keycloak', ...options, '--admin-user=admin'],
    /** Runs the program with the password of the administrator in the environment. */
    run: async (...more: readonly string[]) =>
      await outcomeOf(['keycloak', ...options, '--admin-user=admin', ...more], {
        OIDC_GATEWAY_ADMIN_PASSWORD: access.adminPassword,
      }),
    /** Runs it as somebody else. */
    runAs: async (env: Readonly<Record<string, string>>, ...more: readonly string[]) =>
      await outcomeOf(['keycloak', ...options, ...more], env),
    passwordOfJohn: `--test-user-password-file=${path('john')}`,
    administer: async (method: string, rest: string, body?: unknown) =>
      await administer(method, below + rest, body),
    async client(clientId = 'kubernetes') {
      const found = await administer('GET', `${below}/clients?clientId=${clientId}`)
      return Object(Array.isArray(found) ? found[0] : undefined)
    },
  }
}

async function outcomeOf(args: readonly string[], env: Readonly<Record<string, string>>) {
  const program = startGatewayProgram(args, env)
  const { exitCode } = await program.ended
  const [stdout, stderr] = [program.stdout(), program.stderr()]
  for (const secret of [...Object.values(env), john.password]) {
    expect((stdout + stderr).includes(secret), 'a secret was printed').toBe(false)
  }
  return { exitCode, stdout, stderr }
}

/** What was said of each item. */
function statesIn(stderr: string): string[] {
  return [...stderr.matchAll(/^ {2}(\w+) +(?:realm|client|mapper|scope|group|user) /gm)].map(
    ([, state = '']) => state,
  )
}

function documentsIn(stdout: string) {
  return parseAllDocuments(stdout).map((document) => Object(document.toJS()))
}

describe.skipIf(!keycloakHome || !chromiumPath)('oidc-gateway keycloak', () => {
  let access: KeycloakAccess
  beforeAll(async () => {
    access = await sharedKeycloak()
  })

  test('makes all that John needs to sign in, once', async () => {
    const { realm, run, passwordOfJohn } = await administrator(access)
    const plan = await run(...people)
    expect(plan).toMatchObject({ exitCode: 0, stdout: '' })
    expect(statesIn(plan.stderr).filter((state) => state === 'create')).toHaveLength(8)
    // Tests listen on any free port, which is nobody's habit elsewhere.
    const wish = [...people, '--redirect-uri=http://localhost']
    const made = await run(...wish, passwordOfJohn, '--apply')
    expect(made.exitCode, made.stderr).toBe(0)
    expect(statesIn(made.stderr).filter((state) => state === 'created')).toHaveLength(8)
    const again = await run(...wish)
    expect(statesIn(again.stderr)).toEqual(new Array(9).fill('unchanged'))
    expect(again).toMatchObject({ exitCode: 0, stdout: made.stdout })

    const [{ onboarding }, { jwt }] = documentsIn(made.stdout)
    expect(onboarding.issuer).toBe(`${access.origin}/realms/${realm}`)
    expect(jwt[0].issuer).toMatchObject({ url: onboarding.issuer, audiences: ['kubernetes'] })
    const computer = await atKeycloak({ realm: realmNamed(access, realm) })
    const scopes = onboarding.scopes.map((scope: string) => `--oidc-extra-scope=${scope}`)
    const args = ['get-token', ...computer.options(...scopes)]
    const signing = computer.john.start(args)
    await signIn(await computer.visit(), {
      ...john,
      sub: '',
      givenName: '',
      name: '',
      email: '',
      groups: [],
    })
    const { exitCode, stdout, stderr } = await signing.ended
    expect(exitCode, stderr).toBe(0)
    const claims = claimsOf(tokenOf(stdout))
    expect(claims).toMatchObject({
      iss: onboarding.issuer,
      aud: onboarding.clientId,
      preferred_username: 'john',
      groups: ['developers'],
    })
    expect(made.stderr).toContain(`RBAC knows john as the user "oidc:${claims.sub}".`)
    expect(made.stderr).toContain('the members of developers as the group "oidc:developers".')

    const { options, john: laptop, visit } = computer
    const careless = laptop.start(['login', ...options('--oidc-pkce-method=no')])
    await (await visit()).getByText('Missing parameter: code_challenge_method').waitFor()
    expect((await careless.ended).exitCode).toBe(4)
    const leaving = laptop.start(['logout', '--all', ...browserOf(options())])
    await (await visit()).getByRole('heading', { name: 'You are logged out' }).waitFor()
    expect((await leaving.ended).exitCode).toBe(0)
  })

  test('lets codes go to the four places where the plugin listens, and nobody ask for roles', async () => {
    const { realm, run } = await administrator(access)
    expect((await run('--apply')).exitCode).toBe(0)
    const statusFor = async (redirectUri: string, scope = 'openid'): Promise<number> => {
      const query = new URLSearchParams({
        client_id: 'kubernetes',
        response_type: 'code',
        scope,
        redirect_uri: redirectUri,
        code_challenge_method: 'S256',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      })
      const url = `${realmNamed(access, realm).issuer}/protocol/openid-connect/auth?${query}`
      return (await send({ url, caPem: access.caPem })).status
    }
    for (const port of [8000, 18000]) {
      expect(await statusFor(`http://localhost:${port}`)).toBe(200)
      expect(await statusFor(`http://127.0.0.1:${port}`)).toBe(200)
    }
    for (const other of [
      'http://localhost:9000',
      'http://localhost:8000/x',
      'https://evil.example.com',
    ]) {
      expect(await statusFor(other), other).toBe(400)
    }
    const here = 'http://localhost:8000'
    expect(await statusFor(here, 'openid offline_access')).toBe(200)
    // This scope would make groups of roles; the refusal is a redirect.
    expect(await statusFor(here, 'openid microprofile-jwt')).toBe(302)
  })

  test.skipIf(!hasPseudoTerminal)('asks for passwords on the terminal', async () => {
    const { realm, folder, options, client } = await administrator(access)
    mkdirSync(join(folder, 'home'))
    const run = startOnTerminal([...options, ...people, '--apply'], {
      home: join(folder, 'home'),
      program: gatewayPath,
    })
    const host = new URL(access.origin).host
    await run.shows(new RegExp(`Password of admin at ${host}, realm master: $`))
    run.type(`${access.adminPassword}\r`)
    await run.shows(/Password for the new user john: $/)
    run.type(`${john.password}\r`)
    const { exitCode, stdout, screen } = await run.ended
    expect(exitCode, screen).toBe(0)
    expect(documentsIn(stdout)[0].onboarding.issuer).toContain(realm)
    expect(await client()).toMatchObject({ publicClient: true })
  })

  test('shows what somebody has changed since, and repairs that and nothing else', async () => {
    const { realm, run, administer, client } = await administrator(access)
    expect((await run('--apply')).exitCode).toBe(0)
    const good = await client()
    const [mapper] = good.protocolMappers
    await administer('PUT', `/clients/${good.id}`, {
      ...good,
      description: 'ours',
      redirectUris: ['*'],
      fullScopeAllowed: true,
      attributes: { ...good.attributes, 'pkce.code.challenge.method': '' },
    })
    await administer('PUT', `/clients/${good.id}/protocol-mappers/models/${mapper.id}`, {
      ...mapper,
      config: { ...mapper.config, 'id.token.claim': 'false' },
    })
    const scopes = asList(await administer('GET', '/client-scopes'))
    const roles = scopes.find(({ name }) => name === 'microprofile-jwt')
    await administer('PUT', `/clients/${good.id}/optional-client-scopes/${roles?.id}`)
    await administer('PUT', '', { registrationAllowed: true })

    const plan = await run()
    expect(plan).toMatchObject({ exitCode: 0, stdout: '' })
    expect(statesIn(plan.stderr)).toEqual([
      'unchanged',
      'change',
      'change',
      'unchanged',
      'unchanged',
      'change',
    ])
    expect(plan.stderr).toContain('attributes.pkce.code.challenge.method: (none) -> "S256"\n')
    expect(plan.stderr).toContain('fullScopeAllowed: true -> false\n')
    expect(plan.stderr).toContain('redirectUris: ["*"] -> ["http://localhost:8000",')
    expect(plan.stderr).toContain('config.id.token.claim: "false" -> "true"\n')
    expect(plan.stderr).toContain('optionalClientScopes: "microprofile-jwt" -> (none)\n')
    expect((await client()).redirectUris).toEqual(['*'])

    const repaired = await run('--apply')
    expect(statesIn(repaired.stderr).filter((state) => state === 'changed')).toHaveLength(3)
    expect(await client()).toEqual({
      ...good,
      description: 'ours',
      redirectUris: expect.arrayContaining(good.redirectUris),
    })
    const refused = await run('--username-claim=preferred_username')
    expect(refused.stderr).toContain(`error: The realm ${realm} lets people register`)
    expect(await administer('GET', '')).toMatchObject({ registrationAllowed: true })
  })

  test('--print makes the same realm by an import, and nobody in it can rename himself', async () => {
    const [made, imported] = [await administrator(access), await administrator(access)]
    expect((await made.run(...people, made.passwordOfJohn, '--apply')).exitCode).toBe(0)
    const { stdout } = await imported.run('--print', ...people)
    await administration(access)('POST', '/admin/realms', JSON.parse(stdout))
    const { stderr } = await imported.run(...people)
    expect(statesIn(stderr)).toEqual(new Array(9).fill('unchanged'))
    expect(comparable(await imported.client())).toEqual(comparable(await made.client()))

    const realm = realmNamed(access, made.realm)
    const { json } = await realm.requestToken({
      grant_type: 'password',
      client_id: 'admin-cli',
      ...john,
    })
    const renamed = await send({
      method: 'POST',
      url: `${realm.issuer}/account`,
      caPem: access.caPem,
      token: String(Object(json).access_token),
      body: { username: 'admin', email: 'john@example.com', firstName: 'John', lastName: 'Test' },
    })
    expect(renamed.status).toBe(400)
    expect(JSON.stringify(renamed.json)).toContain('readOnlyUsernameMessage')
  })

  test('an administrator of one realm, by a client or a token, with the rights that he has', async () => {
    const { realm, run, runAs, administer, client } = await administrator(access)
    expect((await run('--apply')).exitCode).toBe(0)
    const robot = { clientId: 'robot', secret: 'secret-of-the-robot', serviceAccountsEnabled: true }
    await administer('POST', '/clients', robot)
    const [{ id }, management] = [await client('robot'), await client('realm-management')]
    const user = Object(await administer('GET', `/clients/${id}/service-account-user`))
    const roles = `/clients/${management.id}/roles`
    const grant = async (name: string): Promise<void> => {
      const role = await administer('GET', `${roles}/${name}`)
      await administer('POST', `/users/${user.id}/role-mappings/clients/${management.id}`, [role])
    }
    const env = { OIDC_GATEWAY_ADMIN_CLIENT_SECRET: robot.secret }
    const asRobot = ['--admin-client=robot', `--admin-realm=${realm}`]

    await grant('view-clients')
    const unsure = await runAs(env, ...asRobot, '--username-claim=preferred_username')
    expect(unsure.stderr).toContain('It takes the role view-realm. Or use --username-claim=sub.')
    expect((await runAs(env, ...asRobot)).exitCode).toBe(0)
    const refused = await runAs(env, ...asRobot, '--device-grant', '--apply')
    expect(refused.exitCode).toBe(4)
    expect(refused.stderr).toContain(
      `It takes the role manage-clients of the client realm-management in the realm ${realm}.`,
    )
    await grant('manage-clients')
    const { json } = await realmNamed(access, realm).requestToken({
      grant_type: 'client_credentials',
      client_id: 'robot',
      client_secret: robot.secret,
    })
    const token = { OIDC_GATEWAY_ADMIN_TOKEN: String(Object(json).access_token) }
    const changed = await runAs(token, '--device-grant', '--apply')
    expect(statesIn(changed.stderr)).toContain('changed')
    const wrong = { OIDC_GATEWAY_ADMIN_CLIENT_SECRET: 'another-secret' }
    expect((await runAs(wrong, ...asRobot)).stderr).toContain('refused the client robot')
    const password = { OIDC_GATEWAY_ADMIN_PASSWORD: 'another-password' }
    const outcome = await runAs(password, '--admin-user=admin')
    expect(outcome).toMatchObject({ exitCode: 4, stdout: '' })
    expect(outcome.stderr).toContain('Invalid user credentials')
  })
})

/** A client without what differs from realm to realm. */
function comparable(client: object): object {
  // An import leaves out two attributes that mean nothing without the address of a back channel.
  const text = JSON.stringify(client, (name, value) =>
    name === 'id' || name.startsWith('backchannel.logout.') ? undefined : value,
  )
  return JSON.parse(text, (_, value) =>
    Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.sort() : value,
  )
}

function asList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(Object) : []
}

/** The options of `logout` among those of `get-token`. */
function browserOf(options: readonly string[]): string[] {
  return options.filter((option) => /^--(certificate-authority|browser-command)=/.test(option))
}
