import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { gatewayWorld, startGatewayProgram } from '../../world/gateway/program.ts'

const filter = `apiVersion: getambassador.io/v2
kind: Filter
metadata: {name: kubeapi-jwt-filter, namespace: ambassador}
spec:
  JWT:
    jwksURI: https://sso.example.com/auth/realms/demo/protocol/openid-connect/certs
    injectRequestHeaders:
    - name: Impersonate-User
      value: "{{ .token.Claims.given_name }}"
`

test('import translates the filter of the tutorial, and says what was weak', async () => {
  const file = join(temporaryFolder(), 'filter.yaml')
  writeFileSync(file, filter)
  const run = startGatewayProgram(['import', file])
  expect((await run.ended).exitCode).toBe(0)
  expect(run.stdout()).toContain('kind: AuthenticationConfiguration')
  expect(run.stdout()).toContain('url: https://sso.example.com/auth/realms/demo')
  expect(run.stderr()).toContain('What was weak, and is not any more:')
  expect(run.stderr()).toMatch(/given_name/)
})

test('import makes of kube-oidc-proxy’s flags a configuration that serves', async () => {
  const world = await gatewayWorld()
  const path = (name: string): string => join(world.folder, name)
  const run = startGatewayProgram([
    'import',
    '--from=kube-oidc-proxy',
    '--',
    `--oidc-issuer-url=${world.issuer.issuer}`,
    '--oidc-client-id=kubernetes',
    '--oidc-username-claim=preferred_username',
    `--oidc-ca-file=${world.caFile}`,
    `--tls-cert-file=${path('tls.crt')}`,
    `--tls-private-key-file=${path('tls.key')}`,
    `--server=${world.api.url}`,
    `--certificate-authority=${world.caFile}`,
  ])
  expect((await run.ended).exitCode).toBe(0)
  writeFileSync(
    world.configFile,
    run.stdout().replace('upstream:', `upstream:\n  tokenFile: ${world.tokenFile}`),
  )
  const check = startGatewayProgram(['serve', `--config=${world.configFile}`, '--check'])
  expect((await check.ended).exitCode, check.stderr()).toBe(0)
})

test('import of nothing, and of what is not there, says so', async () => {
  const nothing = startGatewayProgram(['import'])
  expect((await nothing.ended).exitCode).toBe(2)
  expect(nothing.stderr()).toContain('There is nothing to import.')
  const missing = startGatewayProgram(['import', 'missing.yaml'])
  expect((await missing.ended).exitCode).toBe(2)
  expect(missing.stderr()).toMatch(/missing\.yaml cannot be read: there is no such file/)
})
