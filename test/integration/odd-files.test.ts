import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { pluginCommand } from '../world/plugin-command.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { computer, stopped } from '../world/world.ts'

const isPosix = process.platform !== 'win32'

describe('a kubeconfig that would take for ever, or all memory, is refused with its name', () => {
  const levels = Array.from({ length: 12 }, (_, depth) => {
    const inner = depth === 0 ? 'x' : `*a${depth - 1}`
    return `a${depth}: &a${depth} [${Array.from({ length: 9 }, () => inner).join(',')}]\n`
  })
  const files = {
    'aliases of aliases': levels.join(''),
    'an alias of nothing': 'users: *nobody\n',
    'lists in lists in lists': `users: ${'['.repeat(50_000)}`,
  }
  test.each(Object.entries(files))('%s', async (_, contents) => {
    const john = await computer()
    const path = join(john.home, 'config')
    writeFileSync(path, contents)
    const { exitCode, stdout, stderr } = await john.run(['whoami', `--kubeconfig=${path}`])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`error: The kubeconfig ${path}, line 1: `)
  })
})

describe('a file with a secret', () => {
  async function sentSecret(contents: string | Uint8Array) {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const secrets: (string | null)[] = []
    provider.hooks.token = ({ form }, answer) => {
      secrets.push(form.get('client_secret'))
      return answer
    }
    const path = join(john.home, 'secret')
    writeFileSync(path, contents)
    const result = await john.run([
      'get-token',
      ...john.options(provider.issuer),
      '--grant-type=client-credentials',
      '--oidc-client-auth-method=client_secret_post',
      `--oidc-client-secret-file=${path}`,
    ])
    return { ...result, secrets, path }
  }

  test('may begin with the mark of an editor, which is no part of it', async () => {
    const { secrets, stderr } = await sentSecret('\ufeffthe-secret-of-the-robot\r\n')
    expect(secrets, stderr).toEqual(['the-secret-of-the-robot'])
  })

  test.each([
    ['empty', '\n', 'it is empty'],
    [
      'UTF-16, as PowerShell writes it',
      Buffer.from('\ufeffthe-secret', 'utf16le'),
      'it is not UTF-8 text',
    ],
  ])('that is %s is refused before anything is sent', async (_, contents, why) => {
    const { exitCode, stderr, secrets, path } = await sentSecret(contents)
    expect(secrets).toEqual([])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`error: The file ${path} cannot be used: ${why}.`)
  })

  test.runIf(isPosix)('that is a pipe is called one', async () => {
    const john = await computer()
    const pipe = join(john.home, 'pipe')
    execFileSync('mkfifo', [pipe])
    const options = john.options('https://sso.example.com')
    const { exitCode, stderr } = await john.run([
      'get-token',
      ...options,
      `--oidc-client-secret-file=${pipe}`,
    ])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`error: The file ${pipe} cannot be read: it is not a regular file.`)
  })
})

test.runIf(process.platform === 'linux')(
  'a cache folder that can never be made is told of, and does not keep anybody waiting',
  async () => {
    const john = await computer()
    const provider = stopped(await startScriptedProvider({ authority: john.authority }))
    const options = [...john.options(provider.issuer), '--token-cache-dir=/proc/sessions']
    const { exitCode, stdout, stderr } = await john.run(['get-token', ...options])
    expect(exitCode, stderr).toBe(0)
    expect(JSON.parse(stdout)).toHaveProperty('status.token')
    expect(stderr).toContain('The session cannot be kept')
  },
)

test.runIf(isPosix)(
  'in a folder that was deleted, a relative path is an error with a remedy',
  async () => {
    const john = await computer()
    const gone = join(john.home, 'gone')
    for (const args of [
      ['whoami', '--token-cache-dir=relative'],
      ['whoami', '--kubeconfig=relative'],
    ]) {
      mkdirSync(gone)
      const script = 'rmdir "$PWD" && exec "$@"'
      const child = spawn('sh', ['-c', script, 'sh', ...pluginCommand, ...args], {
        cwd: gone,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: process.env.PATH, HOME: john.home },
      })
      const ended = new Promise<number | null>((done) => child.once('close', done))
      const stderr = await text(child.stderr)
      expect(await ended, stderr).toBe(2)
      expect(stderr).toContain('error: The current folder does not exist any more')
    }
  },
)
