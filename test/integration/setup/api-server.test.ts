import { expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { celLanguage } from '../../../src/gateway/claims/index.ts'
import { decodeFile } from '../../../src/gateway/config/index.ts'
import { john as johnAccount } from '../../world/provider-accounts.ts'
import { startScriptedProvider } from '../../world/scripted-provider.ts'
import { computer, stopped } from '../../world/world.ts'
import { withProvider } from './setting.ts'

test('--apiserver prints a configuration that the API server takes, and how each distribution gets it', async () => {
  const { john, provider, setup } = await withProvider()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--apiserver'])
  expect(exitCode, stderr).toBe(0)
  // The gateway takes what kube-apiserver takes, and nothing else.
  const { problems } = decodeFile('authentication.yaml', stdout, {
    language: celLanguage,
    readText: () => undefined,
  })
  expect(problems).toEqual([])
  expect(parse(stdout)).toEqual({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: {
          url: provider.issuer,
          audiences: ['kubernetes'],
          certificateAuthority: john.authority.certPem,
        },
        claimMappings: {
          username: { claim: 'sub', prefix: 'oidc:' },
          groups: { claim: 'groups', prefix: 'oidc:' },
        },
        userValidationRules: [
          expect.objectContaining({ expression: "!user.username.startsWith('system:')" }),
          expect.objectContaining({
            expression: "user.groups.all(group, !group.startsWith('system:'))",
          }),
        ],
      },
    ],
  })
  expect(stdout).toMatch(/# The claim "sub" never changes/)
  expect(stdout).toMatch(/# The prefix keeps users of the provider apart/)
  for (const name of ['kubeadm', 'kind', 'k3s', 'minikube', 'k0s']) {
    expect(stderr).toMatch(new RegExp(`^${name}:`, 'm'))
  }
  expect(stderr).toContain(`--oidc-issuer-url=${provider.issuer}\n`)
  expect(stderr).toContain('--oidc-username-prefix=oidc:\n')
})

test('a mapping of the user is followed, and its risks are named', async () => {
  const { john, setup } = await withProvider()
  const mapping = ['--oidc-username-claim=preferred_username', '--oidc-username-prefix=-']
  const { stdout, stderr } = await john.run([...setup, '--apiserver', '--rbac', ...mapping])
  const [configuration, ...rights] = parseAllDocuments(stdout)
  expect(configuration?.toJS().jwt[0].claimMappings.username).toEqual({
    claim: 'preferred_username',
    prefix: '',
  })
  expect(stdout).toContain('# Make sure that nobody can change the claim "preferred_username"')
  expect(stdout).toContain(
    '# Without a prefix somebody at the provider could have the name of another',
  )
  expect(stderr).toContain('--oidc-username-prefix=-\n')
  expect(rights.map((document) => document.toJS().kind)).toEqual([
    'ClusterRole',
    'ClusterRoleBinding',
  ])
  expect(rights[1]?.toJS().subjects).toEqual([
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'john' },
  ])
})

test('--rbac binds the exact name that the API server will see, and can be piped', async () => {
  const { john, setup } = await withProvider()
  const { exitCode, stdout, stderr } = await john.run([...setup, '--rbac'])
  expect(exitCode, stderr).toBe(0)
  const [role, binding] = parseAllDocuments(stdout).map((document) => document.toJS())
  expect(role).toMatchObject({ kind: 'ClusterRole', rules: [{ resources: ['services'] }] })
  expect(binding).toMatchObject({
    kind: 'ClusterRoleBinding',
    roleRef: { kind: 'ClusterRole', name: role.metadata.name },
    subjects: [{ kind: 'User', name: `oidc:${johnAccount.sub}` }],
  })
  expect(stdout).toContain('kind: Group, name: oidc:developers')
  expect(binding.metadata.name).toMatch(/^[a-z0-9-]+$/)
})

test('a claim that the token does not have is told, with those that it has', async () => {
  const { john, setup } = await withProvider()
  const { exitCode, stdout, stderr } = await john.run([
    ...setup,
    '--apiserver',
    '--oidc-username-claim=upn',
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('The token has no text in the claim "upn"')
  expect(stderr).toContain('preferred_username')
})

test('an e-mail address that is not verified is no name for an API server', async () => {
  const john = await computer()
  const provider = stopped(
    await startScriptedProvider({
      authority: john.authority,
      hooks: {
        idTokenClaims: (claims) => ({ ...claims, email: 'j@example.com', email_verified: false }),
      },
    }),
  )
  const { exitCode, stdout, stderr } = await john.run([
    'setup',
    ...john.options(provider.issuer),
    '--rbac',
    '--oidc-username-claim=email',
  ])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('your e-mail address is not verified')
})

test('an opaque access token is told: no API server can read it', async () => {
  const { john, setup } = await withProvider()
  const { exitCode, stderr } = await john.run([...setup, '--oidc-use-access-token', '--apiserver'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The access token is no JWT, so an API server cannot read it.')
})
