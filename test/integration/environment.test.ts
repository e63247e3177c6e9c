import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandTable } from '../../src/commands/index.ts'
import { startScriptedProvider } from '../world/scripted-provider.ts'
import { computer, stopped } from '../world/world.ts'

test('an empty environment variable is as good as none, for options of every kind', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const getToken = commandTable.find(({ name }) => name === 'get-token')
  const env = Object.fromEntries(
    (getToken?.options ?? []).map(({ name }) => [variableOf(name), '']),
  )
  expect(env).toHaveProperty('KUBECTL_OIDC_LOGIN_LISTEN_ADDRESS')
  const options = john.options(provider.issuer)
  const { exitCode, stderr } = await john.run(['get-token', ...options], {
    env: { ...env, KUBECTL_OIDC_LOGIN_V: '' },
  })
  expect(exitCode, stderr).toBe(0)
})

test.each([
  ['FORCE_REFRESH', 'a flag'],
  ['LOCK_TIMEOUT_SEC', 'a time'],
  ['V', 'a level'],
  ['GRANT_TYPE', 'a choice'],
])('a wrong value of KUBECTL_OIDC_LOGIN_%s is named without the value', async (name) => {
  const john = await computer()
  const variable = `KUBECTL_OIDC_LOGIN_${name}`
  const args = ['get-token', '--oidc-issuer-url=https://sso.example.com', '--oidc-client-id=a']
  const { exitCode, stderr } = await john.run(args, { env: { [variable]: 'not-for-others' } })
  expect(exitCode).toBe(2)
  expect(stderr).toContain(variable)
  expect(stderr).not.toContain('not-for-others')
})

test('an empty variable in the kubeconfig does not hide what the user of a context is', async () => {
  const john = await computer()
  const provider = stopped(await startScriptedProvider({ authority: john.authority }))
  const options = john.options(provider.issuer)
  expect((await john.run(['get-token', ...options])).exitCode).toBe(0)
  const path = join(john.home, 'kubeconfig.json')
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'kubectl-oidc_login',
    args: ['get-token', ...options],
    env: [{ name: 'KUBECTL_OIDC_LOGIN_FORCE_REFRESH', value: '' }],
  }
  const kubeconfig = {
    users: [{ name: 'john', user: { exec } }],
    contexts: [{ name: 'work', context: { cluster: 'a', user: 'john' } }],
  }
  writeFileSync(path, JSON.stringify(kubeconfig))
  const { stdout } = await john.run(['whoami', `--kubeconfig=${path}`, '-o', 'json'])
  expect(JSON.parse(stdout)).toMatchObject([{ contexts: ['work'] }])
})

function variableOf(option: string): string {
  return `KUBECTL_OIDC_LOGIN_${option.toUpperCase().replaceAll('-', '_')}`
}
