import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { storeSession } from '../world/sessions.ts'

const isWindows = process.platform === 'win32'

function run(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: isWindows,
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
  })
  expect(status, stdout + stderr).toBe(0)
  return stdout
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Packs as it lies there: `prepack` would build again under the feet of other tests. */
function pack(folder: string): Packed {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: process.cwd(),
  })
  const [packed]: readonly Packed[] = JSON.parse(output)
  if (packed === undefined) throw new Error('npm packed nothing')
  return packed
}

/** Names of chunks without the digest that the build puts into them. */
function withoutDigests(packed: Packed): string[] {
  const names = packed.files.map(({ path }) => path.replace(/-[A-Z0-9]{8}\.js$/, '-*.js'))
  return [...new Set(names)].sort()
}

test('the package holds what users need and nothing else', () => {
  const names = withoutDigests(pack(temporaryFolder()))
  const isListed = (name: string): boolean => !/^(?:docs|dist\/gateway|dist\/types)\//.test(name)
  expect(names).toContain('dist/gateway/main.js')
  expect(names.filter(isListed)).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/kubectl-oidc_login.js',
    'bin/kubectl_complete-oidc_login.js',
    'bin/oidc-gateway.js',
    'bin/package.json',
    'dist/THIRD-PARTY-NOTICES.txt',
    'dist/answer-completion-*.js',
    'dist/chunk-*.js',
    'dist/clean-*.js',
    'dist/convert-*.js',
    'dist/dist-*.js',
    'dist/doctor-*.js',
    'dist/keyring-*.js',
    'dist/kubeconfig-*.js',
    'dist/kubeconfig-users-*.js',
    'dist/lock-*.js',
    'dist/login-*.js',
    'dist/logout-*.js',
    'dist/main.js',
    'dist/node-browser-*.js',
    'dist/node-http-*.js',
    'dist/node-keychain-*.js',
    'dist/node-prompt-*.js',
    'dist/obtain-*.js',
    'dist/open-*.js',
    'dist/print-completion-script-*.js',
    'dist/proxy-tunnel-*.js',
    'dist/setup-*.js',
    'dist/setup-from-server-*.js',
    'dist/standalone-*.js',
    'dist/start.cjs',
    'dist/tls-security-*.js',
    'dist/trust-*.js',
    'dist/version-*.js',
    'dist/whoami-*.js',
    'package.json',
  ])
})

test('the package, installed in an empty folder, prints its version and a cached credential', async () => {
  const folder = temporaryFolder()
  const { filename } = pack(folder)
  const prefix = join(folder, 'installed')
  const home = join(folder, 'home')
  mkdirSync(prefix)
  mkdirSync(home)
  const env = { HOME: home, USERPROFILE: home }
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], {
    cwd: prefix,
    env: { ...env, npm_config_cache: join(folder, 'npm-cache') },
  })
  const bin = join(prefix, 'node_modules', '.bin')
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`
  expect(
    run('kubectl-oidc_login', ['version'], { cwd: home, env: { ...env, PATH: path } }),
  ).toMatch(/^kubectl-oidc_login \d+\.\d+\.\d+ \(node /)

  const issuer = 'https://sso.example.com'
  const sessions = join(home, '.kube', 'cache', 'oidc-login')
  await storeSession(sessions, { issuer })
  const credential = run(
    'kubectl-oidc_login',
    ['get-token', `--oidc-issuer-url=${issuer}`, '--oidc-client-id=kubernetes'],
    { cwd: home, env: { ...env, PATH: path } },
  )
  expect(JSON.parse(credential)).toMatchObject({
    kind: 'ExecCredential',
    status: { token: 'header.stored-token.signature' },
  })

  // Nothing could be downloaded, so the optional package for the keychain is not there.
  expect(existsSync(join(prefix, 'node_modules', '@napi-rs', 'keyring'))).toBe(false)
  const refused = spawnSync(
    process.execPath,
    [
      join(prefix, 'node_modules', 'kubectl-oidc-login', 'bin', 'kubectl-oidc_login.js'),
      'login',
      `--oidc-issuer-url=${issuer}`,
      '--oidc-client-id=kubernetes',
      '--token-cache-storage=keyring',
    ],
    { encoding: 'utf8', cwd: home, env: { ...process.env, ...env } },
  )
  expect({ status: refused.status, stdout: refused.stdout }).toEqual({ status: 7, stdout: '' })
  expect(refused.stderr).toContain('@napi-rs/keyring, which speaks to the keychain, cannot be')
  expect(refused.stderr).toContain('npm install --global @napi-rs/keyring')
})

/** A program that embeds the gateway, as strict as programs get. */
const embedding = `import { createGateway, parseConfiguration, type Exchange, type Gateway } from 'kubectl-oidc-login/gateway'

export async function embed(text: string): Promise<Gateway> {
  const seen: Exchange[] = []
  return await createGateway({
    ...parseConfiguration(text),
    observer: { started: () => undefined, ended: (exchange) => void seen.push(exchange) },
  })
}
// @ts-expect-error the configuration is typed
void createGateway({ configuration: 'gateway.yaml' })
`

test('the gateway is a module, too, with types that need nothing else', () => {
  const folder = temporaryFolder()
  const { filename } = pack(folder)
  const project = join(folder, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"name":"project","private":true,"type":"module"}')
  writeFileSync(join(project, 'embed.ts'), embedding)
  run('npm', ['install', '--no-audit', '--no-fund', '--omit=optional', join(folder, filename)], {
    cwd: project,
  })
  symlinkSync(resolve('node_modules', '@types'), join(project, 'node_modules', '@types'), 'dir')
  const options = '--noEmit --strict --module nodenext --target es2023 --types node'.split(' ')
  const tsc = resolve('node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [tsc, ...options, 'embed.ts'], { cwd: project })

  const script = `import { parseConfiguration } from 'kubectl-oidc-login/gateway'
    try { parseConfiguration('kind: Nothing') } catch (error) { console.log(error.code) }`
  const output = run(process.execPath, ['--input-type=module', '--eval', script], { cwd: project })
  expect(output.trim()).toBe('configuration_invalid')
})
