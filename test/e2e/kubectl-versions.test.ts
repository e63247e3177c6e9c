import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startProvider } from '../world/provider.ts'
import { computer, stopped } from '../world/world.ts'
import { clusterOf } from './kubectl.ts'

/** `<folder>/<version>/kubectl`; without it the tests are skipped. */
const folder = process.env.KUBECTL_VERSIONS ?? ''

const cases = (existsSync(folder) ? readdirSync(folder) : ['of every version']).flatMap((version) =>
  ['v1', 'v1beta1'].map((execVersion) => [version, execVersion] as const),
)

describe.skipIf(!folder)('kubectl of other versions', () => {
  test.each(cases)('%s signs in by exec %s, then in silence', async (version, execVersion) => {
    const user = await computer()
    const { authority } = user
    const { issuer } = stopped(await startProvider({ authority, refreshTokens: 'always' }))
    const { kubectl } = await clusterOf(user, {
      issuer,
      caPem: authority.certPem,
      options: user.options(issuer),
      execVersion,
      kubectl: join(folder, version, 'kubectl'),
    })
    const client = await kubectl('version', '--client', '-o', 'json')
    expect(JSON.parse(client.stdout).clientVersion.gitVersion).toMatch(`v${version}.`)

    const first = await kubectl('get', 'svc')
    expect(first.exitCode, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/^kubernetes +ClusterIP /m)
    expect(await kubectl('get', 'svc')).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await kubectl('get', 'pods')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('User "john" cannot list resource "pods"'),
    })
    const whoami = await kubectl('oidc-login', 'whoami')
    expect(whoami.exitCode, whoami.stderr).toBe(0)
    expect(whoami.stdout).toContain('john')
    expect(user.openedPages()).toBe(1)
  })
})
