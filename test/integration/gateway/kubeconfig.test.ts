import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { gatewayWorld, startGatewayProgram } from '../../world/gateway/program.ts'

test('kubeconfig prints cluster, user and context from what the gateway tells everybody', async () => {
  const world = await gatewayWorld()
  writeFileSync(join(world.folder, 'public.crt'), world.authority.certPem)
  world.configure(`onboarding:
  clusterName: demo
  server: https://gateway.example.com
  certificateAuthorityFile: public.crt
  issuer: ${world.issuer.issuer}
  clientId: kubernetes
  scopes: [openid, profile, groups]`)
  const run = startGatewayProgram(['kubeconfig', `--config=${world.configFile}`])
  expect((await run.ended).exitCode, run.stderr()).toBe(0)
  const data = Buffer.from(world.authority.certPem).toString('base64')
  expect(parse(run.stdout())).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [
      {
        name: 'demo',
        cluster: { server: 'https://gateway.example.com', 'certificate-authority-data': data },
      },
    ],
    users: [
      {
        name: 'oidc-demo',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: 'kubectl',
            args: [
              'oidc-login',
              'get-token',
              `--oidc-issuer-url=${world.issuer.issuer}`,
              '--oidc-client-id=kubernetes',
              '--oidc-extra-scope=profile',
              '--oidc-extra-scope=groups',
              expect.stringMatching(/^--certificate-authority-data=LS0t/),
            ],
            interactiveMode: 'IfAvailable',
          },
        },
      },
    ],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'oidc-demo' } }],
  })
})

test('kubeconfig needs the facts of onboarding', async () => {
  const world = await gatewayWorld()
  const run = startGatewayProgram(['kubeconfig', `--config=${world.configFile}`])
  expect((await run.ended).exitCode).toBe(2)
  expect(run.stderr()).toContain('The configuration has no "onboarding".')
})
