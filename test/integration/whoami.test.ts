import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { confidentialClientSecret } from '../world/provider-clients.ts'
import { sessionFiles, storeSession } from '../world/sessions.ts'
import { type Computer, computer, fingerprintOf, stopped } from '../world/world.ts'

interface Entry {
  readonly context: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

function writeKubeconfig(john: Computer, entries: readonly Entry[]): void {
  mkdirSync(join(john.home, '.kube'), { recursive: true })
  const kubeconfig = {
    contexts: entries.map(({ context }) => ({
      name: context,
      context: { user: `${context}-user` },
    })),
    users: entries.map(({ context, args, env = {} }) => ({
      name: `${context}-user`,
      user: {
        exec: {
          command: 'kubectl',
          args: ['oidc-login', ...args],
          env: Object.entries(env).map(([name, value]) => ({ name, value })),
        },
      },
    })),
  }
  writeFileSync(join(john.home, '.kube', 'config'), JSON.stringify(kubeconfig))
}

async function world() {
  const john = await computer()
  const provider = stopped(
    await startProvider({ authority: john.authority, refreshTokens: 'always' }),
  )
  return { john, provider, options: john.options(provider.issuer, '--oidc-extra-scope=groups') }
}

test('whoami shows each session with its contexts, and asks nobody', async () => {
  const { john, provider, options } = await world()
  writeKubeconfig(john, [
    { context: 'home', args: ['get-token', ...options] },
    { context: 'work', args: ['--profile=work', '-v', '1', 'get-token', ...options] },
    { context: 'other', args: ['get-token', ...options, '--oidc-client-id=other'] },
  ])
  expect((await john.run(['get-token', ...options])).exitCode).toBe(0)
  expect((await john.run(['login', ...options, '--profile=work'])).exitCode).toBe(0)
  expect(sessionFiles(john.sessions)).toHaveLength(2)
  await provider.stop()

  const { exitCode, stdout, stderr } = await john.run(['whoami', '-o', 'json'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const common = {
    issuer: provider.issuer,
    clientId: 'kubernetes',
    username: 'john',
    isExpired: false,
    isRefreshable: true,
    storedIn: john.sessions,
  }
  const sessions: unknown = JSON.parse(stdout)
  expect(sessions).toHaveLength(2)
  expect(sessions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...common, profile: null, contexts: ['home'] }),
      expect.objectContaining({ ...common, profile: 'work', contexts: ['work'] }),
    ]),
  )
  const table = await john.run(['whoami'])
  expect(table.stdout).toMatch(/^USER +SUBJECT +GROUPS +ISSUER/)
  expect(table.stdout).toMatch(/\njohn .* work +\S+ +yes +\S+ +work\n/)
  const yaml = await john.run(['whoami', '--output=yaml'])
  expect(yaml.stdout).toContain('- issuer: ')
  for (const { stdout: shown } of [table, yaml, { stdout }]) {
    expect(/eyJ[\w-]{8,}\./.test(shown), 'a token was printed').toBe(false)
  }
})

test('whoami without a session says so', async () => {
  const john = await computer()
  const { exitCode, stdout, stderr } = await john.run(['whoami'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).toContain(`Nobody is signed in: no session in ${john.sessions}.`)
})

test('whoami shows groups, an ended session and one that cannot be refreshed', async () => {
  const john = await computer()
  const claims = Buffer.from(JSON.stringify({ groups: ['a', 'b'] })).toString('base64url')
  await storeSession(john.sessions, {
    issuer: 'https://sso.example.com',
    token: `header.${claims}.signature`,
    subject: '\u001b[31mred',
    expiresAt: Date.now() - 1,
  })
  const { stdout } = await john.run(['whoami'])
  expect(stdout).toMatch(/ a,b +https:\/\/sso\.example\.com .*\(ended\) +no /)
  expect(stdout).not.toContain('\u001b')
})

test('whoami names file and line of a kubeconfig that it cannot read', async () => {
  const john = await computer()
  const path = join(john.home, 'broken')
  writeFileSync(path, 'users:\n  a: b\n')
  const { exitCode, stderr } = await john.run(['whoami', `--kubeconfig=${path}`])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`error: The kubeconfig ${path}, line 2: "users" is not a list.`)
  expect(stderr).toContain('Correct the file; "kubectl config view" reads it, too.')
})

test('logout --profile ends only the session of that profile', async () => {
  const john = await computer()
  const issuer = 'http://127.0.0.1:9/gone'
  const identity = { issuer, clientId: 'kubernetes', scopes: ['openid'], extraParameters: {} }
  for (const profile of ['work', 'home']) {
    const named = { ...identity, tokenKind: 'id_token' as const, profile }
    await storeSession(john.sessions, { issuer, identity: named, username: profile })
  }
  const { exitCode, stderr } = await john.run(['logout', '--profile=work'])
  expect(exitCode).toBe(0)
  expect(stderr).toContain(
    `Deleted the session of work at ${issuer} (client kubernetes, profile work)`,
  )
  expect(sessionFiles(john.sessions)).toHaveLength(1)
})

test('login --prompt is sent once and leaves the session where get-token finds it', async () => {
  const { john, options } = await world()
  const signedIn = await john.run(['login', ...options, '--prompt=login'])
  expect(signedIn.exitCode, signedIn.stderr).toBe(0)
  expect(signedIn.stderr).toMatch(/[?&]prompt=login(&|\s)/)
  const pages = john.openedPages()
  const cached = await john.run(['get-token', ...options])
  expect(fingerprintOf(cached.stdout)).toMatch(/^[0-9a-f]{64}$/)
  expect(john.openedPages()).toBe(pages)
})

test.each(['argument', 'environment'])(
  'logout revokes for a confidential client with the secret from the kubeconfig (%s)',
  async (place) => {
    const { john, provider, options } = await world()
    const client = [...options, '--oidc-client-id=kubernetes-confidential']
    const secret = `--oidc-client-secret=${confidentialClientSecret}`
    const entry: Entry =
      place === 'argument'
        ? { context: 'demo', args: ['get-token', ...client, secret] }
        : {
            context: 'demo',
            args: ['get-token', ...client],
            env: { KUBECTL_OIDC_LOGIN_OIDC_CLIENT_SECRET: confidentialClientSecret },
          }
    writeKubeconfig(john, [entry])
    expect((await john.run(['get-token', ...client, secret])).exitCode).toBe(0)
    const { exitCode, stderr } = await john.run(['logout', '--local'])
    expect(exitCode).toBe(0)
    expect(stderr).toContain('Revoked the refresh token.')
    expect(stderr.includes(confidentialClientSecret)).toBe(false)
    const revoked = provider.requests.filter(({ endpoint }) => endpoint === 'revocation')
    expect(revoked.map(({ status }) => status)).toEqual([200])
  },
)

test('logout goes on without a kubeconfig that it cannot read', async () => {
  const { john, options } = await world()
  expect((await john.run(['get-token', ...options])).exitCode).toBe(0)
  mkdirSync(join(john.home, '.kube'), { recursive: true })
  writeFileSync(join(john.home, '.kube', 'config'), 'users: {')
  const { exitCode, stderr } = await john.run(['logout', '--local'])
  expect(exitCode).toBe(0)
  expect(stderr).toContain('The kubeconfig is not used: ')
  expect(stderr).toContain('Revoked the refresh token.')
  expect(sessionFiles(john.sessions)).toEqual([])
})
