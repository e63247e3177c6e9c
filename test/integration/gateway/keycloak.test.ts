import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { startGatewayProgram } from '../../world/gateway/program.ts'
import {
  type AdminScript,
  type ScriptedKeycloak,
  startScriptedKeycloak,
} from '../../world/gateway/scripted-keycloak.ts'

const password = 'administrator-password'
const clients = 'GET /admin/realms/demo/clients?clientId=kubernetes'

/** A run of `keycloak`, and what it said last: the error and what to do. */
interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly lastWords: string
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { OIDC_GATEWAY_ADMIN_PASSWORD: password },
): Promise<Outcome> {
  const program = startGatewayProgram(['keycloak', ...args], env)
  const { exitCode } = await program.ended
  const [stdout, stderr] = [program.stdout(), program.stderr()]
  for (const secret of Object.values(env)) expect(stdout + stderr).not.toContain(secret)
  return { exitCode, stdout, stderr, lastWords: stderr.slice(stderr.indexOf('error: ')) }
}

/** Runs `keycloak` for the realm demo, as the administrator `admin`, at a Keycloak that plays a script. */
async function administer(
  script: AdminScript,
  more: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
): Promise<Outcome & { readonly keycloak: ScriptedKeycloak }> {
  const keycloak = await startScriptedKeycloak(script)
  onTestFinished(keycloak.stop)
  const ca = join(temporaryFolder(), 'ca.pem')
  writeFileSync(ca, keycloak.caPem)
  const who = env === undefined ? ['--admin-user=admin'] : []
  const options = [`--url=${keycloak.url}`, `--certificate-authority=${ca}`, '--realm=demo']
  return { keycloak, ...(await run([...options, ...who, ...more], env)) }
}

function isApi({ call }: { readonly call: string }): boolean {
  return call.includes(' /admin/')
}

test('a plan only reads, and says what --apply would do', async () => {
  const { exitCode, stdout, stderr, keycloak } = await administer(
    () => undefined,
    ['--device-grant'],
  )
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).toMatch(/^ {2}create +realm demo$/m)
  expect(stderr).toMatch(/^ {2}create +client kubernetes$/m)
  expect(stderr).toMatch(/^ +attributes\.pkce\.code\.challenge\.method: "S256"$/m)
  expect(stderr).toMatch(/^ +attributes\.oauth2\.device\.authorization\.grant\.enabled: "true"$/m)
  expect(stderr).toContain('Nothing was changed. Run it again with --apply to do it.')
  expect(keycloak.requests.filter(isApi).map(({ call }) => call.split(' ')[0])).toEqual(
    keycloak.requests.filter(isApi).map(() => 'GET'),
  )
})

test('a Keycloak below /auth is found, and spoken to there', async () => {
  const { exitCode, keycloak } = await administer(({ call }) =>
    call.includes(' /auth/') ? undefined : { status: 404, body: 'no page' },
  )
  expect(exitCode).toBe(0)
  const calls = keycloak.requests.map(({ call }) => call)
  expect(calls.slice(1).filter((call) => !call.includes(' /auth/'))).toEqual([])
  expect(calls).toContain('GET /auth/admin/realms/demo')
})

test('a token that is over by now is replaced, once, and the request repeated', async () => {
  const { exitCode, keycloak } = await administer(({ call }, before) =>
    call === clients && before === 0 ? { status: 401, body: {} } : undefined,
  )
  expect(exitCode).toBe(0)
  const [first, second] = keycloak.requests.filter(({ call }) => call === clients)
  expect(second?.authorization).toMatch(/^Bearer administrator-/)
  expect(second?.authorization).not.toBe(first?.authorization)
  expect(keycloak.requests.filter(({ call }) => call.startsWith('POST '))).toHaveLength(2)
})

test('`administration_refused`: the role that is missing is named', async () => {
  const forbidden = { status: 403, body: { error: 'HTTP 403 Forbidden' } }
  const seeing = await administer(({ call }) => (call === clients ? forbidden : undefined))
  expect(seeing.exitCode).toBe(4)
  expect(seeing.lastWords).toBe(
    'error: Keycloak does not let the administrator see the client kubernetes: HTTP 403 Forbidden.\n' +
      'It takes the role view-clients of the client demo-realm in the realm master.\n',
  )
  const making = await administer(
    ({ call }) => (call === 'POST /admin/realms' ? forbidden : undefined),
    ['--apply'],
  )
  expect(making.lastWords).toBe(
    'error: Keycloak does not let the administrator create the realm demo: HTTP 403 Forbidden.\n' +
      'It takes the role create-realm (or admin) of the realm master; or let somebody else create the realm demo.\n',
  )
})

test('a token from the environment that is over is not tried again', async () => {
  const { exitCode, lastWords, keycloak } = await administer(
    (request) => (isApi(request) ? { status: 401, body: {} } : undefined),
    [],
    { OIDC_GATEWAY_ADMIN_TOKEN: 'token-of-an-administrator' },
  )
  expect(exitCode).toBe(4)
  expect(lastWords).toMatch(
    /see the realm demo: status 401\.\nThe token in OIDC_GATEWAY_ADMIN_TOKEN/,
  )
  expect(keycloak.requests.filter(isApi)).toHaveLength(1)
  expect(keycloak.requests.some(({ call }) => call.startsWith('POST '))).toBe(false)
})

test('what Keycloak says is told, and no secret that it repeats', async () => {
  const { exitCode, lastWords } = await administer(
    ({ call }) =>
      call === 'POST /admin/realms'
        ? { status: 400, body: { errorMessage: `no\u001b[31m: password=${password}` } }
        : undefined,
    ['--apply'],
  )
  expect(exitCode).toBe(4)
  expect(lastWords).toContain('create the realm demo: no [31m: password=[redacted].\n')
})

test('`realm_unsuitable`: a realm that is disabled is left alone', async () => {
  const { exitCode, lastWords, keycloak } = await administer(
    ({ call }) =>
      call === 'GET /admin/realms/demo'
        ? { status: 200, body: { realm: 'demo', enabled: false } }
        : undefined,
    ['--apply'],
  )
  expect(exitCode).toBe(2)
  expect(lastWords).toMatch(/^error: The realm demo is disabled\.\n/)
  expect(keycloak.requests.filter(isApi)).toHaveLength(1)
})

test.each([
  ['editUsernameAllowed', 'rename themselves (Edit username)'],
  ['registrationAllowed', 'register under a name of their choice (User registration)'],
])('names that people choose themselves (%s) are no base for RBAC', async (setting, what) => {
  const safe = { enabled: true, editUsernameAllowed: false, registrationAllowed: false }
  const { exitCode, lastWords, keycloak } = await administer(
    ({ call }) =>
      call === 'GET /admin/realms/demo'
        ? { status: 200, body: { ...safe, [setting]: true } }
        : undefined,
    ['--apply', '--username-claim=preferred_username'],
  )
  expect(exitCode).toBe(2)
  expect(lastWords).toContain(
    `error: The realm demo lets people ${what}, so preferred_username does not tell who somebody is.\nUse --username-claim=sub`,
  )
  expect(keycloak.requests.filter(isApi).every(({ call }) => call.startsWith('GET '))).toBe(true)
})

test('`change_not_kept`: a change that Keycloak takes and forgets is no success', async () => {
  const { exitCode, stdout, lastWords } = await administer(
    ({ call }) => {
      if (call === 'GET /admin/realms/demo') return { status: 200, body: { enabled: true } }
      if (call === clients) {
        const client = { id: 'c1', clientId: 'kubernetes', publicClient: true }
        return { status: 200, body: [client] }
      }
      return call === 'PUT /admin/realms/demo/clients/c1' ? { status: 204, body: '' } : undefined
    },
    ['--apply'],
  )
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(lastWords).toMatch(
    /^error: Keycloak took the change of the client kubernetes, but has not kept it: .*attributes\.pkce\.code\.challenge\.method/,
  )
})

test.each([
  [
    'something else',
    { status: 200, body: '<html>' },
    3,
    /^error: What answers at .* is no Keycloak\./,
  ],
  [
    'no such realm for administrators',
    { status: 404, body: { error: 'Realm does not exist' } },
    2,
    /^error: Keycloak at .* has no realm "master"\.\nThe realm of --admin-realm/,
  ],
  ['a Keycloak that starts', { status: 503, body: '' }, 3, /not able to answer .*status 503/],
])('%s at the address of Keycloak gets no password', async (_, answer, exitCode, says) => {
  const outcome = await administer(() => answer)
  expect(outcome.exitCode).toBe(exitCode)
  expect(outcome.lastWords).toMatch(says)
  expect(outcome.keycloak.requests.some(({ body }) => body !== '')).toBe(false)
})

/** A realm whose client is as it is wanted, but for some fields. */
async function goodRealm(issuer: (origin: string) => string, more: object = {}) {
  const { stdout } = await run(['--print', '--realm=demo'])
  const client = { ...JSON.parse(stdout).clients[0], id: 'c1', ...more }
  const script: AdminScript = ({ call }, _, origin) => {
    if (call === 'GET /admin/realms/demo') return { status: 200, body: { enabled: true } }
    if (call === clients) return { status: 200, body: [client] }
    if (call === 'GET /admin/realms/demo/client-scopes') {
      const mapper = { name: 'membership', config: { 'claim.name': 'groups' } }
      const scopes = ['email', 'address'].map((name) => ({ name, protocolMappers: [mapper] }))
      return { status: 200, body: scopes }
    }
    if (call !== 'GET /realms/demo/.well-known/openid-configuration') return undefined
    return { status: 200, body: { issuer: issuer(origin) } }
  }
  return { client, script }
}

test('other mappers that write who somebody is get a warning', async () => {
  const issuer = (origin: string): string => `${origin}/realms/demo`
  const { client } = await goodRealm(issuer)
  const own = { ...client.protocolMappers[0], id: 'm1' }
  const nick = { id: 'm2', name: 'nick', config: { 'claim.name': 'preferred_username' } }
  const { script } = await goodRealm(issuer, { protocolMappers: [own, nick] })
  const { exitCode, stdout, stderr } = await administer(script)
  expect({ exitCode, says: stdout.split('\n')[0] }, stderr).toEqual({
    exitCode: 0,
    says: 'apiVersion: oidc-gateway/v1alpha1',
  })
  expect(stderr.match(/^warning: .* also writes/gm)).toEqual([
    'warning: The mapper nick of the client kubernetes also writes',
    'warning: The mapper membership of the client scope email also writes',
  ])
})

test('a Keycloak that calls itself by plain http is of no use to Kubernetes', async () => {
  const { script } = await goodRealm(() => 'http://keycloak:8080/realms/demo')
  const { exitCode, stdout, lastWords } = await administer(script)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(lastWords).toMatch(
    /^error: Keycloak calls itself http:\/\/keycloak:8080\/realms\/demo, and/,
  )
})

test('a realm without the built-in scopes says so', async () => {
  const { script } = await goodRealm(String, { optionalClientScopes: [] })
  const { exitCode, lastWords } = await administer(script, ['--apply'])
  expect(exitCode).toBe(2)
  expect(lastWords).toMatch(/^error: The realm has no client scope "offline_access"\./)
})

test('a Keycloak that is not there', async () => {
  const outcome = await run(['--url=https://localhost:1', '--realm=demo', '--admin-user=admin'])
  expect(outcome.exitCode).toBe(3)
  expect(outcome.lastWords).toMatch(
    /^error: https:\/\/localhost:1 cannot be reached .*\nCheck --url,/,
  )
})

const somewhere = ['--url=https://sso.example.com', '--realm=demo']

test.each([
  [['--realm=demo'], 'The option --url is not an https URL.'],
  [['--realm=demo', '--url=http://sso.example.com'], 'The option --url is not an https URL.'],
  [['--realm=demo', '--url=https://a:b@sso.example.com'], 'The option --url is not an https URL.'],
  [['--url=https://sso.example.com'], 'The option --realm is missing.'],
  [['--url=https://sso.example.com', '--realm=a/b'], 'The option --realm is not a name.'],
  [
    ['--url=https://sso.example.com', '--realm=master'],
    'The realm master is for the administrators',
  ],
  [[...somewhere, '--redirect-uri=http://localhost:*'], 'A value of --redirect-uri is not'],
  [[...somewhere, '--group=/a'], 'The option --group is not a name.'],
  [[...somewhere, '--server=http://gateway.example.com'], 'The configuration is refused'],
  [[...somewhere, '--prefix=system:'], 'The configuration is refused'],
])('a command line that cannot be meant: %j', async (args, says) => {
  const { exitCode, stdout, lastWords } = await run(args, {})
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(lastWords).toContain(`error: ${says}`)
})

test('--print makes a realm to import, without a password and without the network', async () => {
  const { exitCode, stdout, stderr } = await run(
    ['--print', '--realm=Demo', '--test-user=John', '--group=developers', '--full-group-path'],
    { OIDC_GATEWAY_TEST_USER_PASSWORD: 'password-of-john' },
  )
  expect(exitCode, stderr).toBe(0)
  const realm = JSON.parse(stdout)
  expect(Object.keys(realm)).not.toContain('clientScopes')
  expect(realm).toMatchObject({
    realm: 'Demo',
    editUsernameAllowed: false,
    clients: [
      {
        clientId: 'kubernetes',
        publicClient: true,
        protocolMappers: [{ config: { 'full.path': 'true', 'id.token.claim': 'true' } }],
      },
    ],
    users: [{ username: 'john', groups: ['/developers'], realmRoles: ['default-roles-demo'] }],
  })
  expect(stderr).toContain('The user john has no password in it')
})
