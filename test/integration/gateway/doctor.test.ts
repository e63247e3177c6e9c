import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createAuthority } from '../../world/certificates.ts'
import {
  type GatewayWorld,
  gatewayWorld,
  startGatewayProgram,
} from '../../world/gateway/program.ts'
import { type SmallCluster, startSmallCluster } from '../../world/gateway/small-cluster.ts'

interface Finding {
  readonly verdict: string
  readonly message: string
  readonly remedy?: string
  readonly details?: readonly string[]
}

/** Runs `doctor` and returns its findings by name. */
async function examined(world: GatewayWorld): Promise<{
  readonly exitCode: number | null
  readonly findings: Readonly<Record<string, Finding>>
}> {
  const run = startGatewayProgram(['doctor', `--config=${world.configFile}`, '--output=json'])
  const { exitCode } = await run.ended
  const { checks } = JSON.parse(run.stdout())
  const named = checks.map((finding: Finding & { name: string }) => [finding.name, finding])
  return { exitCode, findings: Object.fromEntries(named) }
}

/** A world whose gateway stands before a small cluster. */
async function before(cluster: SmallCluster, more = '', upstream?: string): Promise<GatewayWorld> {
  const world = await gatewayWorld()
  const url = await startSmallCluster(world.authority, cluster)
  world.configure(more, upstream)
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, url)
  writeFileSync(world.configFile, text)
  return world
}

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']

/** Appendix C of Kubernetes' constrained impersonation, as it is granted to a gateway. */
const constrained = [
  'impersonate:user-info authentication.k8s.io/users',
  'impersonate:user-info authentication.k8s.io/groups',
  ...verbs.map((verb) => `impersonate-on:user-info:${verb} */*`),
  ...['get', 'head', 'post', 'options'].map((verb) => `impersonate-on:user-info:${verb} *`),
]

const classic = ['impersonate /users', 'impersonate /groups']

const serviceAccount = 'system:serviceaccount:oidc-gateway:oidc-gateway'

test('a gateway with the rights that it needs, and no more, is found good', async () => {
  const world = await before({ username: serviceAccount, rights: constrained })
  const run = startGatewayProgram(['doctor', `--config=${world.configFile}`])
  expect((await run.ended).exitCode, run.stdout()).toBe(0)
  const said = run.stdout()
  expect(said).toMatch(/^ok +api-server +Kubernetes v1\.37\.0 sees the gateway as "system:service/m)
  expect(said).toMatch(/^ok +rights +All that is needed, by constrained impersonation\.$/m)
  expect(said).toMatch(/^ok +leftover-rights /m)
  expect(said).toMatch(/^ok +surplus-rights +It may impersonate, and nothing else\.$/m)
  expect(said).toMatch(/^ok +providers +Discovery and keys can be loaded\.\n.*: one key$/m)
  expect(said).toMatch(/^ok +clock /m)
  expect(said).toMatch(/^skipped +renewal +The gateway has no client certificate\.$/m)
  expect(said).toMatch(/^skipped +thieves .*kubectl -n oidc-gateway get rolebindings -o wide/m)
  expect(said).toMatch(/^13 checks: /m)
})

test.each(['constrained', 'classic'])('the %s rules of the guide are enough', async (mode) => {
  const guide = readFileSync('docs/gateway.md', 'utf8')
  const [, text = ''] = guide.split(`<!-- rules: ${mode} -->\n\`\`\`yaml\n`)
  const { rules } = parse(text.split('\n```')[0] ?? '')
  const world = await gatewayWorld(
    rules.map(({ nonResourceURLs, ...rule }: { nonResourceURLs?: string[] }) => ({
      users: ['oidc-gateway'],
      nonResourceUrls: nonResourceURLs,
      ...rule,
    })),
  )
  const { exitCode, findings } = await examined(world)
  expect(exitCode).toBe(0)
  expect(findings.rights?.message).toBe(`All that is needed, by ${mode} impersonation.`)
  expect(findings['surplus-rights']?.message).toBe('It may impersonate, and nothing else.')
})

test('a missing right is named as the rule to add', async () => {
  const rights = constrained.filter((right) => !right.endsWith('/groups'))
  const { exitCode, findings } = await examined(await before({ username: serviceAccount, rights }))
  expect(exitCode).toBe(1)
  expect(findings.rights).toMatchObject({
    verdict: 'failed',
    remedy: 'Add to its ClusterRole:',
    details: [
      '- apiGroups: ["authentication.k8s.io"]',
      '  resources: ["groups"]',
      '  verbs: ["impersonate:user-info"]',
    ],
  })
  expect(findings['leftover-rights']?.verdict).toBe('skipped')
})

test('an old cluster needs the classic right, and what the configuration adds to it', async () => {
  const { findings } = await examined(
    await before(
      { username: serviceAccount, minor: 33, rights: ['impersonate /users'] },
      'impersonation: {nested: review, sendCredentialId: true}',
    ),
  )
  expect(findings.rights?.details).toEqual([
    '- apiGroups: [""]',
    '  resources: ["groups"]',
    '  verbs: ["impersonate"]',
    '- apiGroups: ["authentication.k8s.io"]',
    '  resources: ["userextras/authentication.kubernetes.io/credential-id", "userextras/oidc-gateway/original-user"]',
    '  verbs: ["impersonate"]',
    '- apiGroups: ["authorization.k8s.io"]',
    '  resources: ["subjectaccessreviews"]',
    '  verbs: ["create"]',
  ])
})

test('a classic right beside the constrained ones is a failure, for it opens system:masters', async () => {
  const { exitCode, findings } = await examined(
    await before({ username: serviceAccount, rights: [...constrained, ...classic] }),
  )
  expect(exitCode).toBe(1)
  expect(findings.rights?.verdict).toBe('ok')
  expect(findings['leftover-rights']).toMatchObject({
    verdict: 'failed',
    details: ['- apiGroups: [""]', '  resources: ["users", "groups"]', '  verbs: ["impersonate"]'],
  })
})

test('classic rights alone are a warning where constrained ones could be had', async () => {
  const { exitCode, findings } = await examined(
    await before({ username: serviceAccount, rights: classic }),
  )
  expect(exitCode).toBe(0)
  expect(findings.rights?.verdict).toBe('warning')
  expect(findings.rights?.details?.join('\n')).toContain('"impersonate-on:user-info:watch"')
})

test('rights beside impersonation, and system:masters, are told', async () => {
  const { findings } = await examined(
    await before({
      username: serviceAccount,
      groups: ['system:masters'],
      rules: [
        { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] },
        {
          verbs: ['create'],
          apiGroups: ['authentication.k8s.io'],
          resources: ['selfsubjectreviews'],
        },
      ],
    }),
  )
  expect(findings['api-server']?.verdict).toBe('failed')
  expect(findings['surplus-rights']?.verdict).toBe('skipped')
  const other = await examined(
    await before({
      username: serviceAccount,
      rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] }],
    }),
  )
  expect(other.findings['surplus-rights']).toMatchObject({
    verdict: 'warning',
    details: ['- apiGroups: [""]', '  resources: ["secrets"]', '  verbs: ["get", "list"]'],
  })
})

test('whoever could steal the credential is named, where RBAC may be read', async () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const rule = (verb: string, resource: string) => ({
    verbs: [verb],
    apiGroups: [''],
    resources: [resource],
  })
  const role = (name: string, ...rules: unknown[]) => ({ metadata: { name }, rules })
  const binding = (kind: string, name: string, ...subjects: unknown[]) => ({
    roleRef: { kind, name },
    subjects,
  })
  const documents = {
    [`${rbac}/clusterroles`]: {
      items: [role('edit', rule('create', 'pods'), rule('get', 'secrets')), role('view')],
    },
    [`${rbac}/clusterrolebindings`]: {
      items: [
        binding('ClusterRole', 'edit', { kind: 'Group', name: 'developers' }),
        binding('ClusterRole', 'edit', { kind: 'Group', name: 'system:masters' }),
        binding('ClusterRole', 'view', { kind: 'User', name: 'harmless' }),
      ],
    },
    [`${rbac}/namespaces/oidc-gateway/roles`]: {
      items: [role('issuer', rule('create', 'serviceaccounts/token'))],
    },
    [`${rbac}/namespaces/oidc-gateway/rolebindings`]: {
      items: [
        binding('Role', 'issuer', { kind: 'ServiceAccount', namespace: 'ci', name: 'deployer' }),
      ],
    },
  }
  const { findings } = await examined(await before({ username: serviceAccount, documents }))
  expect(findings.thieves).toMatchObject({
    verdict: 'warning',
    details: [
      'Group developers: create pods, read secrets',
      'ServiceAccount ci/deployer: issue tokens',
    ],
  })
})

test('B6 a client certificate of the authority of front proxies is a failure', async () => {
  const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'
  const frontProxies = await createAuthority('front proxies')
  const cluster = {
    username: 'gateway',
    documents: { [path]: { data: { 'requestheader-client-ca-file': frontProxies.certPem } } },
  }
  const pair = 'caFile: ca.crt, certFile: client.crt, keyFile: client.key'
  const world = await before(cluster, '', pair)
  const use = async (authority: GatewayWorld['authority']): Promise<Finding | undefined> => {
    const { certPem, keyPem } = await authority.issue({ commonName: 'gateway', client: true })
    writeFileSync(join(world.folder, 'client.crt'), certPem)
    writeFileSync(join(world.folder, 'client.key'), keyPem)
    return (await examined(world)).findings['front-proxy']
  }
  expect((await use(world.authority))?.verdict).toBe('ok')
  expect((await use(frontProxies))?.verdict).toBe('failed')
})

test('the cluster itself as a provider, and a clock that is wrong, are failures', async () => {
  const world = await gatewayWorld()
  const url = await startSmallCluster(world.authority, {
    username: serviceAccount,
    documents: { '/.well-known/openid-configuration': { issuer: world.issuer.issuer } },
    aheadSeconds: 3600,
  })
  const text = readFileSync(world.configFile, 'utf8').replace(world.api.url, url)
  writeFileSync(world.configFile, text)
  const { findings } = await examined(world)
  expect(findings['cluster-issuer']?.verdict).toBe('failed')
  expect(findings.clock?.verdict).toBe('failed')
  expect(findings.clock?.details?.[0]).toMatch(/^36\d\d s behind the API server$|^3599 s behind/)
})

test('a provider that is down is a failure, and the rest is looked at', async () => {
  const world = await before({ username: serviceAccount, rights: constrained })
  await world.issuer.stop()
  const { exitCode, findings } = await examined(world)
  expect(exitCode).toBe(1)
  expect(findings.providers).toMatchObject({
    verdict: 'failed',
    message: 'No keys can be loaded, so nobody can sign in.',
  })
  expect(findings.rights?.verdict).toBe('ok')
})

test('a configuration that is refused is the first failure; an unwise one is a warning', async () => {
  const world = await before(
    { username: serviceAccount, rights: constrained },
    'audit: {sink: none}',
  )
  const { findings } = await examined(world)
  expect(findings.configuration).toMatchObject({ verdict: 'warning' })
  expect(findings.configuration?.details?.join()).toContain('no-audit, audit.sink')
  world.configure('nonsense: 1')
  const refused = await examined(world)
  expect(refused.exitCode).toBe(1)
  expect(refused.findings.configuration?.message).toContain('nonsense')
  expect(refused.findings.rights?.verdict).toBe('skipped')
})

test('`token_not_accepted` a credential of another cluster is told to be that', async () => {
  const world = await gatewayWorld()
  writeFileSync(world.tokenFile, 'a-token-of-another-cluster')
  const { findings } = await examined(world)
  expect(findings['api-server']?.message).toBe(
    'The API server does not accept the credential of the gateway.',
  )
})

test('doctor without a configuration says what to give', async () => {
  const run = startGatewayProgram(['doctor'])
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toContain('The configuration is missing.')
})

const gatewayUser = 'oidc-gateway:gateways:oidc-gateway'
const renewalRights = [
  ...['create', 'get', 'list'].map(
    (verb) => `${verb} certificates.k8s.io/certificatesigningrequests`,
  ),
  'get /secrets',
  'patch /secrets',
]
const requestsPath =
  '/apis/certificates.k8s.io/v1/certificatesigningrequests?labelSelector=app.kubernetes.io%2Fmanaged-by%3Doidc-gateway'

const secretPath = '/api/v1/namespaces/gateways/secrets/credential'

function secretWith(certificate: string): unknown {
  return { data: { 'tls.crt': Buffer.from(certificate).toString('base64') } }
}

/** A world whose gateway has a client certificate that it renews. */
async function renewing(
  cluster: Partial<SmallCluster>,
  { approval = 'external', organizations = [] as string[], hours = 24 } = {},
): Promise<GatewayWorld> {
  const documents: Record<string, unknown> = {}
  const rights = [...constrained, ...renewalRights]
  const world = await before(
    { username: gatewayUser, rights, ...cluster, documents },
    '',
    `caFile: ca.crt, certFile: client.crt, keyFile: client.key, renewal: {secret: gateways/credential, approval: ${approval}}`,
  )
  const { certPem, keyPem } = await world.authority.issue({
    commonName: gatewayUser,
    organizations,
    client: true,
    notAfter: new Date(Date.now() + hours * 60 * 60 * 1000),
  })
  writeFileSync(join(world.folder, 'client.crt'), certPem)
  writeFileSync(join(world.folder, 'client.key'), keyPem)
  Object.assign(documents, { [secretPath]: secretWith(certPem) }, cluster.documents)
  return world
}

test('a gateway that may renew its certificate says when it will', async () => {
  const rules = [
    {
      verbs: ['create', 'get', 'list'],
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests'],
    },
    {
      verbs: ['get', 'patch'],
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['credential'],
    },
  ]
  const { findings } = await examined(await renewing({ rules }))
  expect(findings.renewal).toMatchObject({
    verdict: 'ok',
    message: expect.stringMatching(/from \d{4}-\d\d-\d\dT.* on, and waits for an approval\.$/),
  })
  expect(findings['surplus-rights']).toMatchObject({
    verdict: 'ok',
    message: 'It may impersonate and renew its certificate, and nothing else.',
  })
  expect(findings.certificates?.details).toContainEqual(
    expect.stringMatching(
      /^the client certificate for the API server lasts until \d{4}-\d\d-\d\d$/,
    ),
  )
})

test('more than renewal needs is surplus: any Secret, or approving where nobody asked for it', async () => {
  const rules = [
    { verbs: ['get', 'patch'], apiGroups: [''], resources: ['secrets'] },
    {
      verbs: ['update'],
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/approval'],
    },
  ]
  const { findings } = await examined(await renewing({ rules }))
  expect(findings['surplus-rights']?.details?.join()).toMatch(
    /secrets.*certificatesigningrequests\/approval/,
  )
})

test('requests that wait for an approval are named with the command, newest first', async () => {
  const request = (name: string, createdAt: string, more: object = {}): object => ({
    metadata: { name, creationTimestamp: createdAt },
    spec: { username: gatewayUser },
    ...more,
  })
  const items = [
    request('oidc-gateway-old', '2026-01-01T00:00:00Z'),
    request('oidc-gateway-new', '2026-01-02T00:00:00Z'),
    request('done', '2026-01-03T00:00:00Z', { status: { conditions: [{ type: 'Approved' }] } }),
    request('denied', '2026-01-03T00:00:00Z', { status: { conditions: [{ type: 'Denied' }] } }),
    request('foreign', '2026-01-03T00:00:00Z', { spec: { username: 'mallory' } }),
  ]
  const { findings } = await examined(await renewing({ documents: { [requestsPath]: { items } } }))
  expect(findings.renewal).toMatchObject({
    verdict: 'warning',
    details: [
      'kubectl certificate approve oidc-gateway-new',
      'kubectl certificate approve oidc-gateway-old',
    ],
  })
})

test('rights that renewal lacks are named as rules to add', async () => {
  const world = await renewing({ rights: constrained }, { approval: 'self' })
  const { exitCode, findings } = await examined(world)
  expect(exitCode).toBe(1)
  expect(findings.renewal).toMatchObject({
    verdict: 'failed',
    details: [
      '- apiGroups: ["certificates.k8s.io"]',
      '  resources: ["certificatesigningrequests"]',
      '  verbs: ["create", "get", "list"]',
      '- apiGroups: ["certificates.k8s.io"]',
      '  resources: ["certificatesigningrequests/approval"]',
      '  verbs: ["update"]',
      '- apiGroups: ["certificates.k8s.io"]',
      '  resources: ["signers"]',
      '  resourceNames: ["kubernetes.io/kube-apiserver-client"]',
      '  verbs: ["approve"]',
      '- apiGroups: [""]',
      '  resources: ["secrets"]',
      '  resourceNames: ["credential"]',
      '  verbs: ["get", "patch"]',
    ],
  })
  expect(findings.configuration?.details?.join()).toContain('self-approval')
})

test('a certificate with groups is not renewed, and one near its end is a warning', async () => {
  const { findings } = await examined(await renewing({}, { organizations: ['admins'], hours: 0.1 }))
  expect(findings.renewal).toMatchObject({ verdict: 'failed' })
  expect(findings.certificates).toMatchObject({ verdict: 'warning' })
  expect(findings.certificates?.details?.join()).toMatch(
    /for the API server lasts until .*, 0 hours/,
  )
})

test('a Secret that the files do not come from is found out', async () => {
  const { certPem } = await (await createAuthority()).issue({ commonName: 'else', client: true })
  const documents = { [secretPath]: secretWith(certPem) }
  const { findings } = await examined(await renewing({ documents }))
  expect(findings.renewal).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(
      /^The Secret gateways\/credential does not hold the certificate/,
    ),
  })
})
