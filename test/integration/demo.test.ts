import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'

const tsx = resolve('node_modules', 'tsx', 'dist', 'cli.mjs')

/** A temporary folder of its own shows what the demo leaves behind. */
function demoEnvironment(path = process.env.PATH ?? '') {
  const folder = temporaryFolder()
  const temporary = join(folder, 'tmp')
  const home = join(folder, 'home')
  mkdirSync(temporary)
  mkdirSync(home)
  const env = {
    ...process.env,
    PATH: path,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TEMP: temporary,
  }
  const leftBehind = () =>
    [...readdirSync(home), ...readdirSync(temporary)].filter((name) => !name.startsWith('tsx-'))
  return { folder, env, leftBehind }
}

/** A PATH with nothing on it but Node and a shell. */
function pathWithoutKubectl(folder: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const program of [process.execPath, '/bin/sh']) {
    symlinkSync(program, join(bin, program === process.execPath ? 'node' : 'sh'))
  }
  return bin
}

test.runIf(process.platform !== 'win32')(
  'npm run demo -- --auto shows the main job without kubectl',
  () => {
    const { folder, env, leftBehind } = demoEnvironment()
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [tsx, 'demo/main.ts', '--auto'],
      {
        encoding: 'utf8',
        env: { ...env, PATH: pathWithoutKubectl(folder) },
      },
    )
    expect(status, stderr).toBe(0)
    expect(stdout).toContain('There is no kubectl on the PATH')
    expect(stdout).toMatch(/^\$ kubectl oidc-login setup https:\/\/localhost:\d+ /m)
    expect(stdout).toContain('You are "john" (groups developers, system:authenticated).')
    expect(stdout).toContain('  kubernetes\n')
    expect(stdout).toMatch(
      /audit log:\n {2}who {5}john, groups developers\n {2}what {4}list services/,
    )
    expect(stdout).toContain('pods is forbidden: User "john" cannot list resource "pods"')
    expect(stdout).toContain('What just happened')
    expect(stdout + stderr).not.toMatch(/eyJ[\w-]{8,}/)
    expect(leftBehind()).toEqual([])
  },
)

test.runIf(process.platform !== 'win32')(
  'the demo leaves nothing behind after Ctrl-C',
  async () => {
    const { env, leftBehind } = demoEnvironment()
    const child = spawn(
      process.execPath,
      ['--import', resolveTsx(), 'demo/main.ts', '--auto', '--keep'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env,
      },
    )
    let stdout = ''
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
    })
    await vi.waitUntil(() => stdout.includes('export KUBECONFIG='), { timeout: 30_000 })
    child.kill('SIGINT')
    const exitCode = await new Promise((done) => child.once('close', done))
    expect(exitCode).toBe(130)
    expect(leftBehind()).toEqual([])
  },
)

function resolveTsx(): string {
  return `file://${join(dirname(tsx), 'loader.mjs')}`
}
