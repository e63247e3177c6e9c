import { chmodSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { writePluginLauncher } from '../../world/plugin-launcher.ts'
import { type Computer, computer } from '../../world/world.ts'

const isPosix = process.platform !== 'win32'

/** A PATH with the plugin and a kubectl made of these lines. */
function programs(john: Computer, kubectl: readonly string[]): { PATH: string; bin: string } {
  const bin = writePluginLauncher(john.home)
  const path = join(bin, 'kubectl')
  writeFileSync(path, ['#!/bin/sh', ...kubectl, ''].join('\n'))
  chmodSync(path, 0o755)
  return { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, bin }
}

async function writtenCommand(john: Computer, PATH: string): Promise<unknown> {
  const args = ['--oidc-issuer-url=https://sso.example.com', '--oidc-client-id=kubernetes']
  const { exitCode, stdout, stderr } = await john.run(['setup', ...args, '--dry-run'], {
    env: { PATH },
  })
  expect(exitCode, stderr).toBe(0)
  const added = stdout.match(/^\+.*$/gm) ?? []
  return parse(
    added
      .slice(1)
      .map((line) => line.slice(1))
      .join('\n'),
  ).users[0].user.exec
}

test.runIf(isPosix)('the entry calls "kubectl oidc-login" where that works', async () => {
  const john = await computer()
  const { PATH } = programs(john, ['shift', 'exec kubectl-oidc_login "$@"'])
  expect(await writtenCommand(john, PATH)).toMatchObject({
    command: 'kubectl',
    args: ['oidc-login', 'get-token', expect.anything(), expect.anything()],
  })
})

test.runIf(isPosix)(
  'the entry calls the plugin by its path where kubectl is a wrapper that would call itself',
  async () => {
    const john = await computer()
    const { PATH, bin } = programs(john, [
      // It asks the cluster for its version before it does anything, as wrappers do.
      'server=$(sed -n \'s/.*"server":"http:..127.0.0.1:\\([0-9]*\\)".*/\\1/p\' "$KUBECONFIG")',
      `'${process.execPath}' -e 'require("net").connect(+process.argv[1], "127.0.0.1").on("connect", () => process.exit())' "$server"`,
      'shift',
      'exec kubectl-oidc_login "$@"',
    ])
    expect(await writtenCommand(john, PATH)).toMatchObject({
      command: join(bin, 'kubectl-oidc_login'),
      args: ['get-token', expect.anything(), expect.anything()],
    })
  },
)

test.runIf(isPosix)(
  'the entry calls the plugin by its path where kubectl would not find it',
  async () => {
    const john = await computer()
    expect(await writtenCommand(john, process.env.PATH ?? '')).toMatchObject({
      command: resolve('bin', 'kubectl-oidc_login.js'),
    })
  },
)
