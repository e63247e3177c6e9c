import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createAuthority } from '../world/certificates.ts'
import { startConnectProxy } from '../world/connect-proxy.ts'
import { startRenegotiatingServer } from '../world/renegotiating-server.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { computer, stopped } from '../world/world.ts'

type ProviderOptions = Omit<Parameters<typeof startScriptedProvider>[0], 'authority'>

/** A machine that signs in by itself, and is told of no certificate authority. */
async function world(options: ProviderOptions = {}) {
  const robot = await computer()
  const provider = stopped(await startScriptedProvider({ authority: robot.authority, ...options }))
  const getToken = [
    'get-token',
    `--oidc-issuer-url=${provider.issuer}`,
    '--oidc-client-id=robot',
    '--oidc-client-secret=robot-secret',
    '--grant-type=client-credentials',
  ]
  return {
    robot,
    provider,
    getToken,
    withCa: [...getToken, `--certificate-authority=${robot.caPath}`],
  }
}

describe('the certificates of the system', () => {
  test.runIf(process.platform === 'linux')(
    'are those of SSL_CERT_FILE and SSL_CERT_DIR',
    async () => {
      const { robot, getToken } = await world()
      const folder = join(robot.home, 'certs')
      mkdirSync(folder)
      writeFileSync(join(folder, 'company.pem'), robot.authority.certPem)
      expect((await robot.run(getToken)).exitCode).toBe(3)
      for (const env of [{ SSL_CERT_FILE: robot.caPath }, { SSL_CERT_DIR: folder }]) {
        const { exitCode, stderr } = await robot.run([...getToken, '--force-refresh'], { env })
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      }
    },
  )

  test.runIf(process.platform === 'linux')('given ones are added to them', async () => {
    const { robot, getToken, withCa } = await world()
    const other = join(robot.home, 'other.pem')
    writeFileSync(other, (await createAuthority()).certPem)
    const env = { SSL_CERT_FILE: other, SSL_CERT_DIR: robot.home }
    const refused = await robot.run(getToken, { env })
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toMatch(/not trusted.*\nSSL_CERT_FILE and SSL_CERT_DIR took the place/)
    expect((await robot.run(withCa, { env })).exitCode).toBe(0)
    const both = [...getToken, `--certificate-authority=${other}`, '--force-refresh']
    expect((await robot.run(both, { env: { SSL_CERT_FILE: robot.caPath } })).exitCode).toBe(0)
  })

  test.runIf(process.platform === 'linux')('hold for a proxy, too', async () => {
    const { robot, getToken } = await world({ hostname: 'sso.corp.test' })
    const proxy = stopped(await startConnectProxy({ authority: robot.authority }))
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: robot.caPath }
    const { exitCode, stderr } = await robot.run(getToken, { env })
    expect(exitCode, stderr).toBe(0)
    expect(proxy.tunnels.length).toBeGreaterThan(0)
  })
})

describe('--tls-server-name', () => {
  test.each([false, true])('names the certificate, through a proxy: %s', async (isProxied) => {
    const { robot, withCa } = await world({
      certificateHosts: ['sso.internal'],
      ...(isProxied ? { hostname: 'sso.corp.test' } : {}),
    })
    const proxy = stopped(await startConnectProxy({ authority: robot.authority }))
    const env: Record<string, string> = isProxied ? { HTTPS_PROXY: proxy.url } : {}
    const refused = await robot.run(withCa, { env })
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID.*\n.*--tls-server-name/)
    const named = await robot.run([...withCa, '--tls-server-name=sso.internal'], { env })
    expect(named.exitCode, named.stderr).toBe(0)
    const wrong = await robot.run([...withCa, '--tls-server-name=x.test', '--force-refresh'], {
      env,
    })
    expect(wrong.exitCode).toBe(3)
  })

  test('may be an address', async () => {
    const { robot, withCa } = await world({ certificateHosts: ['10.1.2.3'] })
    const { exitCode, stderr } = await robot.run([...withCa, '--tls-server-name=10.1.2.3'])
    expect(exitCode, stderr).toBe(0)
  })

  test('doctor looks at the same name', async () => {
    const { robot, withCa } = await world({ certificateHosts: ['sso.internal'] })
    const args = ['doctor', ...withCa.slice(1), '-o', 'json']
    const verdict = async (more: readonly string[]): Promise<unknown> => {
      const { stdout } = await robot.run([...args, ...more])
      const checks: { name: string; verdict: string }[] = JSON.parse(stdout).checks
      return checks.find(({ name }) => name === 'tls')?.verdict
    }
    expect(await verdict([])).toBe('failed')
    expect(await verdict(['--tls-server-name=sso.internal'])).toBe('ok')
  })
})

test('--tls-min-version refuses a server that is too old', async () => {
  const { robot, withCa } = await world({ maxTlsVersion: 'TLSv1.2' })
  expect((await robot.run(withCa)).exitCode).toBe(0)
  const args = [...withCa, '--tls-min-version=1.3', '--force-refresh']
  const { exitCode, stderr } = await robot.run(args)
  expect(exitCode).toBe(3)
  expect(stderr).toContain('it speaks no version of TLS that is allowed here')
})

describe('a server that asks for a renegotiation', () => {
  async function renegotiate(options: readonly string[]) {
    const robot = await computer()
    const server = stopped(await startRenegotiatingServer(robot.authority))
    const { stderr } = await robot.run(['get-token', ...robot.options(server.origin), ...options])
    return { stderr, renegotiations: server.renegotiations() }
  }

  test('is refused, as int128/kubelogin does, and told how it is allowed', async () => {
    const { stderr, renegotiations } = await renegotiate([])
    expect(renegotiations).toBe(0)
    expect(stderr).toMatch(/broke off the TLS handshake.*\n.*--tls-renegotiation-once/)
  })

  test.each(['--tls-renegotiation-once', '--tls-renegotiation-freely'])(
    '%s allows it',
    async (option) => {
      const { stderr, renegotiations } = await renegotiate([option])
      expect(renegotiations).toBe(1)
      expect(stderr).toContain('status 404')
    },
  )
})
