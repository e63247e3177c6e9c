import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { signInThroughForm } from '../world/login-driver.ts'
import { pluginCommand } from '../world/plugin-command.ts'
import { startProvider } from '../world/provider.ts'
import { computer, stopped } from '../world/world.ts'

const isPosix = process.platform !== 'win32'

/** John, a provider, and the options of a sign-in whose browser is chosen by the test. */
async function johnsWorld() {
  const john = await computer()
  const provider = stopped(await startProvider({ authority: john.authority }))
  const all = john.options(provider.issuer)
  const browser = all.find((option) => option.startsWith('--browser-command=')) ?? ''
  return {
    john,
    provider,
    launcher: browser.slice('--browser-command='.length),
    getToken: ['get-token', ...all.filter((option) => option !== browser)],
  }
}

test('the page after a sign-in tells for whom it was and, when kubectl says so, for which cluster', async () => {
  const { john, getToken } = await johnsWorld()
  const info = {
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive: false, cluster: { server: 'https://k8s.example.com:6443' } },
  }
  const run = john.start([...getToken, '--skip-open-browser'], {
    env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
  })
  const [, url = ''] = await run.said(/visit this URL in your browser:\n\n {2}(\S+)\n/)
  const { html } = await signInThroughForm(url, {
    username: 'john',
    password: 'john-password',
    ca: john.authority.certPem,
  })
  expect((await run.ended).exitCode).toBe(0)
  expect(html).toContain('<dt>Signed in as</dt><dd>john</dd>')
  expect(html).toContain('<dt>Cluster</dt><dd>https://k8s.example.com:6443</dd>')
})

test('version tells people and programs which program this is', async () => {
  const john = await computer()
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const text = await john.run(['version'])
  expect(text.stdout).toMatch(/^kubectl-oidc_login \d+\.\d+\.\d+.* \(\w+ \d/)
  const json = await john.run(['version', '-o', 'json'])
  expect(JSON.parse(json.stdout)).toMatchObject({
    version,
    ...(process.env.PLUGIN ? {} : { node: process.versions.node }),
    platform: `${process.platform}/${process.arch}`,
  })
  expect(JSON.parse(json.stdout)).toHaveProperty('commit')
  const root = await john.run(['--version'])
  expect(root).toMatchObject({ exitCode: 0, stdout: `kubectl-oidc_login ${version}\n`, stderr: '' })
})

test('a wrong output format is refused with its choices', async () => {
  const john = await computer()
  const { exitCode, stderr } = await john.run(['version', '-o', 'xml'])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('text, json')
})

test('nothing is coloured', async () => {
  const john = await computer()
  const { stdout } = await john.run(['help', 'get-token'], { env: { FORCE_COLOR: '1' } })
  expect(stdout.includes('\u001b')).toBe(false)
})

test.runIf(isPosix)(
  '--browser-command takes arguments and a place for the URL, and no shell expands it',
  async () => {
    const { john, launcher, getToken } = await johnsWorld()
    const shell = `sh -c 'test "$2" = "a  b \\$HOME" && exec "$0" "$1"' "${launcher}" {url} "a  b \\$HOME"`
    const { exitCode, stderr } = await john.run([...getToken, `--browser-command=${shell}`])
    expect(exitCode, stderr).toBe(0)
    expect(john.openedPages()).toBe(1)
  },
)

test.runIf(isPosix)('--browser-command may be the path of a file with spaces', async () => {
  const { john, launcher, getToken } = await johnsWorld()
  const folder = join(temporaryFolder(), "John's programs")
  mkdirSync(folder)
  const program = join(folder, 'my browser')
  writeFileSync(program, readFileSync(launcher))
  chmodSync(program, 0o755)
  const { exitCode, stderr } = await john.run([...getToken, `--browser-command=${program}`])
  expect(exitCode, stderr).toBe(0)
  expect(john.openedPages()).toBe(1)
})

test('a --browser-command that cannot be read is named, and the URL stays', async () => {
  const { john, getToken } = await johnsWorld()
  const { exitCode, stderr } = await john.run([
    ...getToken,
    '--browser-command=firefox "--profile',
    '--authentication-timeout-sec=1',
  ])
  expect(exitCode).toBe(5)
  expect(stderr).toContain('could not be opened: a quote in the command is not closed')
})

test.runIf(isPosix)('$BROWSER opens the page: the first of its programs that works', async () => {
  const { john, launcher, getToken } = await johnsWorld()
  const { exitCode, stderr } = await john.run(getToken, {
    env: { BROWSER: `/nonexistent/browser %s:false:${launcher} %s` },
  })
  expect(exitCode, stderr).toBe(0)
  expect(john.openedPages()).toBe(1)
})

test.runIf(isPosix)('a browser command may be longer than the name of a file', async () => {
  const { john, launcher, getToken } = await johnsWorld()
  const command = `sh -c 'exec "$0" "$1"' "${launcher}" {url} ${'x'.repeat(5_000)}`
  const given = await john.run([...getToken, `--browser-command=${command}`])
  expect(given.exitCode, given.stderr).toBe(0)
  const BROWSER = command.replace('{url}', '%s').replaceAll(':', '')
  const fromEnvironment = await john.run([...getToken, '--force-refresh', '--profile=other'], {
    env: { BROWSER },
  })
  expect(fromEnvironment.exitCode, fromEnvironment.stderr).toBe(0)
  expect(john.openedPages()).toBe(2)
})

test.runIf(isPosix)('--browser-command wins over $BROWSER', async () => {
  const { john, launcher, getToken } = await johnsWorld()
  const { exitCode, stderr } = await john.run([...getToken, `--browser-command=${launcher}`], {
    env: { BROWSER: 'false' },
  })
  expect(exitCode, stderr).toBe(0)
})

test.each([
  ['none is wanted', { BROWSER: 'none' }, '$BROWSER says none'],
  ['a codespace has none', { CODESPACES: 'true' }, 'this is a codespace without $BROWSER'],
])('where %s, no browser is opened, and the text says why', async (_, env, reason) => {
  const { john, getToken } = await johnsWorld()
  const { exitCode, stderr } = await john.run(
    [...getToken, '--grant-type=authcode', '--authentication-timeout-sec=1'],
    { env },
  )
  expect(exitCode).toBe(5)
  expect(stderr).toContain(`No browser is opened here: ${reason}. To sign in, visit this URL`)
  expect(stderr).not.toContain('Opening your browser')
})

test('a sign-in that is started by a program of a sign-in is refused: it would wait for itself', async () => {
  const { john, getToken } = await johnsWorld()
  const folder = temporaryFolder()
  const outcome = join(folder, 'outcome.json')
  const program = join(folder, 'calls-kubectl.mjs')
  writeFileSync(
    program,
    `import { spawnSync } from 'node:child_process'
     import { writeFileSync } from 'node:fs'
     const { status, stderr } = spawnSync(${JSON.stringify(pluginCommand[0])}, ${JSON.stringify([...pluginCommand.slice(1), ...getToken])}, { encoding: 'utf8' })
     writeFileSync(${JSON.stringify(outcome)}, JSON.stringify({ status, stderr }))`,
  )
  const node = process.execPath.replaceAll('\\', '/')
  const run = john.start([
    ...getToken,
    `--browser-command="${node}" "${program.replaceAll('\\', '/')}" {url}`,
    '--authentication-timeout-sec=30',
  ])
  await until(() => existsSync(outcome) && readFileSync(outcome, 'utf8').endsWith('}'))
  run.child.kill('SIGKILL')
  const { status, stderr } = JSON.parse(readFileSync(outcome, 'utf8'))
  expect(status).toBe(2)
  expect(stderr).toContain(`This sign-in was started by another one (process ${run.child.pid})`)
  expect(stderr).toContain('--browser-command')
})

const hasPseudoTerminal =
  process.platform === 'linux' &&
  spawnSync('script', ['--version']).status === 0 &&
  spawnSync('bash', ['--version']).status === 0

test.runIf(hasPseudoTerminal)(
  'in the background of a shell, a sign-in is not stopped by what is typed there',
  async () => {
    const { john, getToken } = await johnsWorld()
    const folder = temporaryFolder()
    const said = join(folder, 'stderr')
    const code = join(folder, 'code')
    const words = [...pluginCommand, ...getToken, '--authentication-timeout-sec=3']
    const call = words.map((word) => `'${word}'`).join(' ')
    const shell = spawn('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH, HOME: john.home, BROWSER: 'none', HISTFILE: '/dev/null' },
    })
    onTestFinished(() => {
      shell.kill('SIGKILL')
    })
    shell.stdin.write(`(${call} 2>'${said}'; echo $? >'${code}') &\n`)
    await until(() => existsSync(said) && readFileSync(said, 'utf8').includes('visit this URL'))
    shell.stdin.write('sleep 1\nhello\nworld\n')
    await until(() => existsSync(code) && readFileSync(code, 'utf8') !== '')
    expect(readFileSync(code, 'utf8').trim()).toBe('5')
    expect(readFileSync(said, 'utf8')).not.toContain('paste here')
    const closed = new Promise((done) => shell.once('close', done))
    shell.stdin.end('exit\n')
    await closed
  },
)

/** Waits until something is so; the deadline of the test ends a wait in vain. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20))
}
