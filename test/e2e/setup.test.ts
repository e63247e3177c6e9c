import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startGateway } from '../world/gateway.ts'
import { stopped } from '../world/world.ts'
import { cluster, kubectlPath } from './kubectl.ts'

describe.skipIf(!kubectlPath)('setup with the real kubectl', () => {
  test('John needs the address of a server and one sign-in; every later command is silent', async () => {
    const { user, provider, api, kubectl } = await cluster()
    const onboarding = {
      clusterName: 'gateway',
      certificateAuthority: user.authority.certPem,
      issuer: provider.issuer,
      clientId: 'kubernetes',
      scopes: ['profile'],
    }
    const gateway = stopped(await startGateway({ authority: user.authority, api, onboarding }))
    const options = user
      .options(provider.issuer)
      .filter((option) => !/^--oidc-(?:issuer|client|extra)/.test(option))
    const kubeconfig = join(user.home, 'new')
    const setup = await kubectl(
      ...['oidc-login', 'setup', gateway.url, '--yes', `--kubeconfig=${kubeconfig}`, ...options],
    )
    expect(setup.exitCode, setup.stderr).toBe(0)
    expect(setup.stdout).toMatch(/^You are "john" /)
    expect(user.openedPages()).toBe(1)
    expect(parse(readFileSync(kubeconfig, 'utf8')).users[0].user.exec).toMatchObject({
      command: 'kubectl',
      args: expect.arrayContaining(['oidc-login', 'get-token']),
    })

    const here = `--kubeconfig=${kubeconfig}`
    const services = await kubectl('get', 'svc', here)
    expect(services).toMatchObject({ exitCode: 0, stderr: '' })
    expect(services.stdout).toMatch(/^kubernetes +ClusterIP /m)
    const pods = await kubectl('get', 'pods', here)
    expect(pods.stderr).toContain('User "john" cannot list resource "pods"')
    expect(user.openedPages()).toBe(1)
  })

  test('a user of the auth-provider is converted, and kubectl works again', async () => {
    const { user, provider, kubectl } = await cluster()
    const write = await kubectl(
      ...['config', 'set-credentials', 'john', '--auth-provider=oidc'],
      `--auth-provider-arg=idp-issuer-url=${provider.issuer}`,
      '--auth-provider-arg=client-id=kubernetes',
      '--auth-provider-arg=extra-scopes=profile',
      `--auth-provider-arg=idp-certificate-authority=${user.caPath}`,
      '--auth-provider-arg=refresh-token=an-old-one',
    )
    expect(write.exitCode, write.stderr).toBe(0)
    expect((await kubectl('get', 'svc')).exitCode).not.toBe(0)

    const told = await kubectl('oidc-login')
    expect(told.stderr).toContain('kubectl oidc-login setup --from-auth-provider --user=john')
    const browser = user.options('').filter((option) => /^--(?:browser|listen)/.test(option))
    const converted = await kubectl('oidc-login', 'setup', '--from-auth-provider', ...browser)
    expect(converted.exitCode, converted.stderr).toBe(0)
    const services = await kubectl('get', 'svc')
    expect(services.exitCode, services.stderr).toBe(0)
    expect(services.stdout).toMatch(/^kubernetes +ClusterIP /m)
  })
})
