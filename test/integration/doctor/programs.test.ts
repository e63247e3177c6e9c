import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../world/folder.ts'
import { computer } from '../../world/world.ts'
import { addScript, examine, folderWithPlugin, kubectlVersion } from './examine.ts'

const isPosix = process.platform !== 'win32'

test('a plugin that is not on the PATH has failed, and the whole examination with it', async () => {
  const john = await computer()
  const examined = await examine(john, [], { PATH: temporaryFolder() })
  expect(examined.of('plugin')).toMatchObject({
    verdict: 'failed',
    message: 'kubectl does not find kubectl-oidc_login on the PATH.',
    remedy: expect.stringContaining('absolute path'),
  })
  expect(examined.of('kubectl')).toMatchObject({ verdict: 'warning' })
  expect(examined).toMatchObject({ exitCode: 1, verdict: 'failed' })
  expect(examined.stderr).toBe(
    'error: One check failed.\nBegin with the first one: the others may follow from it.\n',
  )
})

test('without a provider, the checks that need one are skipped', async () => {
  const john = await computer()
  const { checks } = await examine(john)
  const skipped = checks.filter(({ verdict }) => verdict === 'skipped').map(({ name }) => name)
  expect(skipped).toEqual([
    'kubeconfig',
    'dns',
    'tcp',
    'proxy',
    'tls',
    'discovery',
    'features',
    'redirect-uris',
    'clock',
    'session',
    'api-server',
    'lock',
    'keychain',
  ])
})

test.runIf(isPosix)('the plugin on the PATH is fine, also behind a small script', async () => {
  const john = await computer()
  const linked = folderWithPlugin()
  const direct = await examine(john, [], { PATH: linked })
  expect(direct.of('plugin')).toMatchObject({ verdict: 'ok' })
  expect(direct.exitCode).toBe(0)

  const scripted = temporaryFolder()
  const target = join(linked, 'kubectl-oidc_login')
  addScript(scripted, 'kubectl-oidc_login', `exec '${process.execPath}' '${target}' "$@"`)
  const indirect = await examine(john, [], { PATH: scripted })
  expect(indirect.of('plugin')).toMatchObject({ verdict: 'ok' })
})

test.runIf(isPosix)('another program before it is named, and one behind it, too', async () => {
  const john = await computer()
  const [ours, theirs] = [folderWithPlugin(), temporaryFolder()]
  addScript(theirs, 'kubectl-oidc_login', 'echo kubelogin version v1.36.3')
  const shadowed = await examine(john, [], { PATH: `${theirs}:${ours}` })
  expect(shadowed.of('plugin')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining(theirs),
  })
  const behind = await examine(john, [], { PATH: `${ours}:${theirs}` })
  expect(behind.of('plugin')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining(theirs),
  })
})

test.runIf(isPosix).each([
  ['new enough', 'v1.33.1', 'ok', 'is v1.33.1'],
  ['too old for client.authentication.k8s.io/v1', 'v1.21.14', 'warning', 'does not know'],
  ['known for a defect', 'v1.24.4', 'warning', '(kubernetes/kubernetes#111911)'],
  ['rid of it, in a build of a vendor', 'v1.24.5-eks-1a2b3c', 'ok', 'is v1.24.5-eks-1a2b3c'],
  ['silent about its version', 'dev', 'warning', 'does not tell its version'],
])('a kubectl that is %s gets its verdict', async (_, version, verdict, message) => {
  const john = await computer()
  const folder = folderWithPlugin()
  addScript(folder, 'kubectl', kubectlVersion(version))
  const { of } = await examine(john, [], { PATH: folder })
  expect(of('kubectl')).toMatchObject({ verdict, message: expect.stringContaining(message) })
})

test.runIf(isPosix)('a kubectl that asks the cluster for its version signs nobody in', async () => {
  const john = await computer()
  mkdirSync(join(john.home, '.kube'))
  writeFileSync(join(john.home, '.kube', 'config'), '{}')
  const folder = folderWithPlugin()
  const knock = join(john.home, 'knock')
  const asks = `[ "$1" = version ] && [ -e "\${KUBECONFIG:-$HOME/.kube/config}" ] && : > '${knock}'`
  addScript(folder, 'kubectl', `${asks}\n${kubectlVersion('v1.32.4-dispatcher')}`)
  const { of } = await examine(john, [], { PATH: folder })
  expect(of('kubectl')).toMatchObject({ verdict: 'ok' })
  expect(existsSync(knock)).toBe(false)
})

test.runIf(isPosix && spawnSync('kubectl', ['version', '--client']).status === 0)(
  'the real kubectl finds the plugin and is no wrapper',
  async () => {
    const path = `${folderWithPlugin()}:${process.env.PATH}`
    const { of } = await examine(await computer(), [], { PATH: path })
    expect(of('plugin')).toMatchObject({ verdict: expect.stringMatching(/ok|warning/) })
    expect(of('kubectl')).toMatchObject({
      verdict: 'ok',
      message: expect.stringMatching(/kubectl is v1\.\d+/),
    })
  },
)

test.runIf(isPosix)(
  'a kubectl that cannot find the plugin is not taken for a wrapper',
  async () => {
    const folder = temporaryFolder()
    const asks = `'${process.execPath}' -e 'fetch(JSON.parse(require("fs").readFileSync(process.env.KUBECONFIG)).clusters[0].cluster.server).catch(() => 0)'`
    addScript(folder, 'kubectl', `[ -z "$KUBECONFIG" ] || ${asks}\n${kubectlVersion('v1.33.1')}`)
    const { of } = await examine(await computer(), [], { PATH: folder })
    expect(of('plugin')).toMatchObject({ verdict: 'failed' })
    expect(of('kubectl')).toMatchObject({ verdict: 'ok' })
  },
)

test.runIf(isPosix)('a kubectl that asks the cluster first is found out', async () => {
  const john = await computer()
  const folder = folderWithPlugin()
  const asks = join(folder, 'asks.mjs')
  writeFileSync(
    asks,
    `import { readFileSync } from 'node:fs'
     const { clusters } = JSON.parse(readFileSync(process.env.KUBECONFIG, 'utf8'))
     await fetch(clusters[0].cluster.server + '/version').catch(() => undefined)`,
  )
  addScript(
    folder,
    'kubectl',
    `[ -z "$KUBECONFIG" ] || '${process.execPath}' '${asks}'\n${kubectlVersion('v1.33.1')}`,
  )
  const { of, exitCode } = await examine(john, [], { PATH: folder })
  expect(of('kubectl')).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('would call itself without end'),
    remedy: expect.stringContaining('absolute path'),
  })
  expect(exitCode).toBe(1)
})

test.each<[string, string[], Record<string, string>, string, string]>([
  ['that is not wanted', ['--skip-open-browser'], {}, 'ok', 'printed'],
  ['that is named', ['--browser-command=firefox'], {}, 'ok', '--browser-command'],
  ['in $BROWSER', [], { BROWSER: 'firefox' }, 'ok', '$BROWSER'],
  ['that does not exist', [], { BROWSER: 'none' }, 'warning', 'No browser is opened here'],
])('a browser %s gets its verdict', async (_, args, env, verdict, message) => {
  const { of } = await examine(await computer(), args, env)
  expect(of('browser')).toMatchObject({ verdict, message: expect.stringContaining(message) })
})

test.runIf(process.platform === 'linux')('a display without xdg-open is not enough', async () => {
  const env = { DISPLAY: ':0', PATH: temporaryFolder() }
  const { of } = await examine(await computer(), [], env)
  expect(of('browser')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('xdg-open'),
  })
})
