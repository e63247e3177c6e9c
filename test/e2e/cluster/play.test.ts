import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { programs } from '../../cluster/index.ts'
import { temporaryFolder } from '../../world/folder.ts'
import { startKubectl } from '../kubectl-run.ts'

const kubectl = process.env.KUBECTL
const canRun = programs !== undefined && kubectl !== undefined && process.platform === 'linux'

describe.skipIf(!canRun)('npm run cluster', () => {
  test('gives John a cluster without Keycloak, too, and leaves nothing behind after Ctrl-C', async () => {
    const tsx = ['--import', 'tsx', 'tools/cluster.ts', '--auto']
    // No Java is found there.
    const env = { ...process.env, JAVA_HOME: temporaryFolder() }
    const child = spawn(process.execPath, tsx, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    const kubeconfig = await new Promise<string>((done, fail) => {
      child.once('exit', () => fail(new Error(`it ended:\n${said}`)))
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const [, path] = /export KUBECONFIG=(\S*john\S*)/.exec(said) ?? []
        if (path !== undefined) done(path)
      })
    })
    expect(said).toContain('There will be no Keycloak')
    const [, folders = ''] = /export PATH="([^"]+)"/.exec(said) ?? []
    const PATH = folders.replace('$PATH', `${dirname(kubectl ?? '')}:${process.env.PATH}`)
    const run = startKubectl({
      program: kubectl ?? '',
      args: ['get', 'services', '-o', 'name'],
      environment: { KUBECONFIG: kubeconfig, PATH, HOME: temporaryFolder() },
    })
    const { exitCode, stdout, stderr } = await run.ended
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toBe('service/hello\nservice/kubernetes\n')

    child.kill('SIGINT')
    expect(await new Promise((done) => child.once('exit', done))).toBe(0)
    expect(existsSync(dirname(dirname(kubeconfig)))).toBe(false)
  })
})
