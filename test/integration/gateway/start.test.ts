import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createGateway, readConfiguration } from '../../../src/gateway/module.ts'
import { startTestIssuer, type TestIssuer } from '../../world/api/test-issuer.ts'
import { type Authority, createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { ask } from '../../world/gateway/ask.ts'
import { authenticationYaml } from '../../world/gateway/authentication-yaml.ts'
import { eventually } from '../../world/gateway/eventually.ts'
import { startGatewayProgram } from '../../world/gateway/program.ts'
import { okScript, type Recorder, startRecorder } from '../../world/gateway/recorder.ts'

interface Starting {
  readonly authority: Authority
  readonly issuer: TestIssuer
  readonly recorder: Recorder
  readonly configFile: string
  write(name: string, text: string): void
  /** Writes the configuration, with more fields. */
  configure(more?: string): void
  /** Lets the API server answer what the gateway asks before it listens. */
  release(): void
}

/** All that a gateway needs, in front of an API server that is slow at first, or for all but so many. */
async function slowStart(quickAnswers = 0): Promise<Starting> {
  const authority = await createAuthority()
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let asked = 0
  const recorder = await startRecorder(authority, async (request) => {
    if (request.target.startsWith('/.well-known')) asked += 1
    if (request.target.startsWith('/.well-known') && asked > quickAnswers) await held
    await okScript(request)
  })
  const issuer = await startTestIssuer(authority)
  onTestFinished(issuer.stop)
  const folder = temporaryFolder()
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const { certPem, keyPem } = await authority.issue({ commonName: 'gateway' })
  write('ca.crt', authority.certPem)
  write('tls.crt', certPem)
  write('tls.key', keyPem)
  write('token', 'first')
  const configure = (more = ''): void =>
    write('gateway.yaml', configuration(recorder.url, issuer.issuer, authority.certPem) + more)
  configure()
  const configFile = join(folder, 'gateway.yaml')
  return { authority, issuer, recorder, configFile, write, configure, release: () => release() }
}

test('H12 a token that is replaced while the gateway starts is used at once', async () => {
  const { authority, issuer, recorder, configFile, write, release } = await slowStart()
  const starting = createGateway(readConfiguration(configFile))
  await recorder.arrived(1)
  write('token', 'second')
  release()
  const gateway = await starting
  onTestFinished(gateway.close)
  const { port } = await gateway.listen()
  const token = await issuer.sign({ preferred_username: 'john' })
  expect((await ask({ port, ca: authority.certPem, path: '/api', token })).status).toBe(200)
  const request = recorder.requests.find(({ target }) => target === '/api')
  expect(request?.values('authorization')).toEqual(['Bearer second'])
})

test('a configuration that is changed while the gateway starts is taken into force', async () => {
  const { authority, issuer, recorder, configFile, configure, release } = await slowStart()
  const run = startGatewayProgram(['serve', `--config=${configFile}`])
  await recorder.arrived(1)
  configure('  userValidationRules: [{expression: \'user.username != "john"\'}]\n')
  release()
  await run.said(/The configuration was read again and is in force/)
  const [line] = await run.said(/^\{.*The gateway listens\..*$/m)
  const { port } = JSON.parse(line)
  const token = await issuer.sign({ preferred_username: 'john' })
  expect((await ask({ port, ca: authority.certPem, path: '/api', token })).status).toBe(401)
})

test('a worker that is still starting when a signal comes ends with the others', async () => {
  const { recorder, configFile, release } = await slowStart(1)
  writeFileSync(
    configFile,
    readFileSync(configFile, 'utf8').replace('audit:', 'workers: 2\naudit:'),
  )
  const run = startGatewayProgram(['serve', `--config=${configFile}`])
  await run.said(/The gateway listens\./)
  await eventually(
    async () => recorder.requests.filter(({ target }) => target.startsWith('/.well')).length === 2,
  )
  run.child.kill('SIGTERM')
  await run.said(/A signal ends the gateway/)
  release()
  expect((await run.ended).exitCode).toBe(0)
})

/** Asks the API server, at the start, who issues its tokens. */
function configuration(server: string, issuer: string, authority: string): string {
  return `apiVersion: oidc-gateway/v1alpha1
kind: GatewayConfiguration
listen: {host: 127.0.0.1, port: 0, certFile: tls.crt, keyFile: tls.key}
upstream: {server: "${server}", caFile: ca.crt, tokenFile: token}
operations: {host: 127.0.0.1, port: 0, drainDelay: 0s}
tokens: {serviceAccounts: passthrough}
audit: {sink: none}
---
${authenticationYaml({ issuer, certPem: authority, claimMappings: '{username: {claim: preferred_username, prefix: ""}}' })}`
}
