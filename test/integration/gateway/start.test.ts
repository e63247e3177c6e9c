import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createGateway, readConfiguration } from '../../../src/gateway/module.ts'
import { startTestIssuer } from '../../world/api/test-issuer.ts'
import { createAuthority } from '../../world/certificates.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { ask } from '../../world/gateway/ask.ts'
import { okScript, startRecorder } from '../../world/gateway/recorder.ts'

test('H12 a token that is replaced while the gateway starts is used at once', async () => {
  const authority = await createAuthority()
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const recorder = await startRecorder(authority, async (request) => {
    if (request.target.startsWith('/.well-known')) await held
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
  write('gateway.yaml', configuration(recorder.url, issuer.issuer, authority.certPem))

  const starting = createGateway(readConfiguration(join(folder, 'gateway.yaml')))
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
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: ${issuer}
    audiences: [kubernetes]
    certificateAuthority: |
${authority.replaceAll(/^/gm, '      ')}
  claimMappings:
    username: {claim: preferred_username, prefix: ""}
`
}
