import { renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, ask } from '../../world/gateway/ask.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import {
  type GatewayWorld,
  gatewayCredential,
  gatewayWorld,
  type ServingGateway,
  startGatewayProgram,
} from '../../world/gateway/program.ts'

async function asked(
  world: GatewayWorld,
  gateway: ServingGateway,
  token: string | undefined,
  path: string,
): Promise<Answer> {
  return await ask({ port: gateway.port, ca: world.authority.certPem, path, token })
}

async function probe(
  gateway: ServingGateway,
  path: string,
): Promise<{ status: number; body: string }> {
  const answer = await fetch(`http://127.0.0.1:${gateway.operationsPort}${path}`)
  return { status: answer.status, body: await answer.text() }
}

const services = '/api/v1/namespaces/default/services'
const pods = '/api/v1/namespaces/default/pods'

test('serve lists services for John, forbids him pods, and tells who did it under one id', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const john = await world.issuer.sign({ preferred_username: 'john', jti: 'jti-1' })
  expect((await asked(world, gateway, john, services)).status).toBe(200)
  const forbidden = await asked(world, gateway, john, pods)
  expect(forbidden.status).toBe(403)
  expect(JSON.parse(forbidden.body).message).toContain('User "john" cannot list resource "pods"')

  const [line] = await gateway.printed(/^.*"resource":"services".*$/m)
  expect(JSON.parse(line)).toMatchObject({
    stage: 'ResponseComplete',
    decision: 'forwarded',
    user: { username: 'john' },
    tokenID: 'jti-1',
    verb: 'list',
    namespace: 'default',
    code: 200,
  })
  const auditIds = world.api.requests.flatMap(({ headers }) => headers['audit-id'] ?? [])
  expect(auditIds).toContain(JSON.parse(line).auditID)
  expect(gateway.stdout() + gateway.stderr()).not.toContain(gatewayCredential)
  expect((gateway.stdout() + gateway.stderr()).includes(john)).toBe(false)
})

test('a request without a token, or with a bad one, gets a Status that kubectl prints', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const none = await asked(world, gateway, undefined, services)
  expect(none.status).toBe(401)
  expect(JSON.parse(none.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: 401 })
  expect(none.headers['www-authenticate']).toMatch(/^Bearer /)
  const expired = await world.issuer.sign({ preferred_username: 'john', exp: 1_000_000_000 })
  expect((await asked(world, gateway, expired, services)).status).toBe(401)
  const foreign = await world.issuer.sign({ preferred_username: 'john', aud: 'another' })
  expect((await asked(world, gateway, foreign, services)).status).toBe(401)
  expect(world.api.requests.filter(({ path }) => path === services)).toEqual([])
  const metrics = await probe(gateway, '/metrics')
  expect(metrics.body).toContain('oidc_gateway_refusals_total{reason="token_expired"} 1')
  expect(metrics.body).toContain('oidc_gateway_refusals_total{reason="token_audience_refused"} 1')
})

test('readiness tells when the API server takes the right or the credential away', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  expect((await probe(gateway, '/livez')).status).toBe(200)
  await eventually(async () => (await probe(gateway, '/readyz')).status === 200)

  writeFileSync(world.tokenFile, 'a-token-that-was-revoked')
  await gateway.said(/Certificates, keys and tokens were read again/)
  const john = await world.issuer.sign({ preferred_username: 'john' })
  expect((await asked(world, gateway, john, services)).status).toBe(502)
  await gateway.said(/does not accept the credential of the gateway/)
  expect((await probe(gateway, '/readyz')).body).toContain('[-] credential')

  writeFileSync(world.tokenFile, gatewayCredential)
  await eventually(async () => (await probe(gateway, '/readyz')).status === 200)
  expect((await asked(world, gateway, john, services)).status).toBe(200)
})

test('a changed configuration is taken into force as a whole; a bad one is refused, loudly', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const john = await world.issuer.sign({ preferred_username: 'john', groups: ['developers'] })
  expect((await asked(world, gateway, john, services)).status).toBe(200)

  world.configure('impersonation: {reservedUsers: [john]}')
  await gateway.said(/The configuration was read again and is in force/)
  expect((await asked(world, gateway, john, services)).status).toBe(403)

  world.configure('impersonation: {reservedUser: [jane]}')
  const [line] = await gateway.said(/^.*The changed configuration is refused.*$/m)
  expect(JSON.parse(line).reason).toMatch(/reservedUser.*Did you mean "reservedUsers"/)
  expect((await asked(world, gateway, john, services)).status).toBe(403)
  const { body } = await probe(gateway, '/metrics')
  expect(body).toContain('oidc_gateway_config_reloads_total{status="success"} 2')
  expect(body).toContain('oidc_gateway_config_reloads_total{status="failure"} 1')
})

test('H12 a renewed certificate is shown to new connections', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const { certPem, keyPem } = await world.authority.issue({
    commonName: 'renewed',
    hosts: ['other.example.com'],
  })
  // One after the other, as a program would write them: the pair does not fit in between.
  writeFileSync(join(world.folder, 'tls.crt.new'), certPem)
  writeFileSync(join(world.folder, 'tls.key'), keyPem)
  renameSync(join(world.folder, 'tls.crt.new'), join(world.folder, 'tls.crt'))
  await gateway.said(/Certificates, keys and tokens were read again/)
  await expect(asked(world, gateway, undefined, services)).rejects.toThrow(
    /altnames|other\.example\.com/,
  )
})

test('a signal lets what is under way end, and exits with 0', async () => {
  const world = await gatewayWorld()
  const gateway = await world.serve()
  const jane = await world.issuer.sign({ preferred_username: 'jane', groups: ['cluster-admins'] })
  const watch = asked(world, gateway, jane, `${services}?watch=1`)
  await gateway.printed(/"stage":"ResponseStarted"/)
  gateway.child.kill('SIGTERM')
  expect((await watch).status).toBe(200)
  expect((await gateway.ended).exitCode).toBe(0)
  expect(gateway.stdout()).toMatch(/"closeReason":"drained"/)
})

test('onboarding facts are told to everybody, and nothing of the API', async () => {
  const world = await gatewayWorld()
  world.configure(`onboarding:
  clusterName: demo
  server: https://gateway.example.com
  issuer: ${world.issuer.issuer}
  clientId: kubernetes
  scopes: [profile]`)
  const gateway = await world.serve()
  const document = await asked(world, gateway, undefined, '/.well-known/oidc-login')
  expect(JSON.parse(document.body)).toMatchObject({ version: 1, cluster: { name: 'demo' } })
  const page = await ask({
    port: gateway.port,
    ca: world.authority.certPem,
    path: '/',
    headers: { accept: 'text/html' },
  })
  expect(page.body).toContain('kubectl oidc-login setup https://gateway.example.com')
  expect((await asked(world, gateway, undefined, '/')).status).toBe(401)
})

test('the small case needs no configuration file', async () => {
  const world = await gatewayWorld()
  const auth = join(world.folder, 'auth.yaml')
  writeFileSync(
    auth,
    `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: ${world.issuer.issuer}
    audiences: [kubernetes]
    certificateAuthority: |
${world.authority.certPem.replaceAll(/^/gm, '      ')}
  claimMappings: {username: {claim: preferred_username, prefix: ""}}
`,
  )
  const file = (name: string): string => join(world.folder, name)
  const run = startGatewayProgram([
    'serve',
    `--authentication-config=${auth}`,
    '--listen=127.0.0.1:0',
    '--operations-listen=127.0.0.1:0',
    `--tls-cert=${file('tls.crt')}`,
    `--tls-key=${file('tls.key')}`,
    `--upstream=${world.api.url}`,
    `--upstream-ca=${world.caFile}`,
    `--upstream-token-file=${world.tokenFile}`,
  ])
  const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
  const john = await world.issuer.sign({ preferred_username: 'john' })
  const answer = await ask({
    port: JSON.parse(line).port,
    ca: world.authority.certPem,
    path: services,
    token: john,
  })
  expect(answer.status).toBe(200)
})

test('a context of a kubeconfig says all about the API server', async () => {
  const world = await gatewayWorld()
  writeFileSync(
    join(world.folder, 'kubeconfig'),
    `apiVersion: v1
kind: Config
current-context: admin
clusters: [{name: c, cluster: {server: "${world.api.url}", certificate-authority: ca.crt}}]
contexts: [{name: admin, context: {cluster: c, user: u}}]
users: [{name: u, user: {tokenFile: token}}]
`,
  )
  const config = join(world.folder, 'context.yaml')
  world.configure()
  writeFileSync(
    config,
    `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream: {kubeconfig: kubeconfig}
operations: {host: 127.0.0.1, port: 0}
authentication: auth.yaml
`,
  )
  writeFileSync(
    join(world.folder, 'auth.yaml'),
    `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt: [{issuer: {url: "${world.issuer.issuer}", audiences: [kubernetes]}, claimMappings: {username: {claim: sub, prefix: ""}}}]
`,
  )
  const run = startGatewayProgram(['serve', `--config=${config}`])
  const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
  const { operationsPort } = JSON.parse(line)
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${operationsPort}/readyz`)
    return (await answer.text()).includes('[+] upstream')
  })
})

test('`configuration_invalid` every fault is named with its line, and nothing starts', async () => {
  const world = await gatewayWorld()
  world.configure('limit: {maxConnections: 5}\nworkers: many')
  const run = startGatewayProgram(['serve', `--config=${world.configFile}`, '--check'])
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toMatch(/gateway\.yaml:6.*limit.*Did you mean "limits"/)
  expect(run.stderr()).toMatch(/gateway\.yaml:7/)
  expect(run.stderr()).toContain('docs/gateway-configuration.md')
})

test('`file_unwritable` an audit log that cannot be opened ends the start', async () => {
  const world = await gatewayWorld()
  world.configure('audit: {sink: file, file: missing/audit.log}')
  const run = startGatewayProgram(['serve', `--config=${world.configFile}`])
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toMatch(/The audit log .*missing\/audit\.log cannot be opened \(ENOENT\)\./)
  expect(run.stderr()).toContain('Check the folder and its permissions')
})

test('`address_unavailable` a port that is taken is named', async () => {
  const world = await gatewayWorld()
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : undefined
  world.configure()
  const run = startGatewayProgram(['serve', `--config=${world.configFile}`], {})
  await run.said(/The gateway listens/)
  const second = startGatewayProgram([
    'serve',
    `--authentication-config=${world.configFile}`,
    '--tls-cert=x',
    '--tls-key=y',
  ])
  expect((await second.ended).exitCode).toBe(2)
  writeFileSync(
    join(world.folder, 'taken.yaml'),
    `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: ${port}, certFile: tls.crt, keyFile: tls.key}
upstream: {server: "${world.api.url}", caFile: ca.crt, tokenFile: token}
operations: {host: 127.0.0.1, port: 0}
authentication: auth.yaml
`,
  )
  writeFileSync(
    join(world.folder, 'auth.yaml'),
    'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt: [{issuer: {url: "https://sso.example.com", audiences: [a]}, claimMappings: {username: {claim: sub, prefix: ""}}}]\n',
  )
  const third = startGatewayProgram(['serve', `--config=${join(world.folder, 'taken.yaml')}`])
  expect((await third.ended).exitCode).toBe(2)
  expect(third.stderr()).toContain(
    `Nothing can listen on 127.0.0.1:${port}: another program holds it.`,
  )
  expect(third.stderr()).toContain('choose another address')
})

test('a ServiceAccount token passes unchanged where the configuration says so, without our credential', async () => {
  const world = await gatewayWorld()
  world.configure(
    `tokens: {serviceAccounts: passthrough, serviceAccountIssuers: ["https://kubernetes.default.svc"]}`,
  )
  const gateway = await world.serve()
  const account = await world.issuer.sign({ iss: 'https://kubernetes.default.svc', sub: 'sa' })
  const passed = await asked(world, gateway, account, services)
  // The small API server knows no ServiceAccounts: it refuses the token itself, which proves whose it was.
  expect(passed.status).toBe(401)
  await gateway.printed(/"decision":"passed-through"/)
  const answered = world.api.requests.filter(({ path }) => path === services)
  expect(answered.map(({ user, status }) => ({ user, status }))).toEqual([
    { user: undefined, status: 401 },
  ])
})

test('what is unwise in a configuration is said at the start', async () => {
  const world = await gatewayWorld()
  world.configure('audit: {sink: none}')
  const gateway = await world.serve()
  const [line] = await gateway.said(/^.*"remark":"no-audit".*$/m)
  expect(JSON.parse(line)).toMatchObject({ level: 'warn', path: 'audit.sink' })
})
