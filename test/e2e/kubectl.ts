import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startApiServer } from '../world/api-server.ts'
import { writeKubeconfig } from '../world/kubeconfig.ts'
import { writePluginLauncher } from '../world/plugin-launcher.ts'
import { startProvider } from '../world/provider.ts'
import { type Computer, type ComputerOptions, computer, stopped } from '../world/world.ts'

/** The kubectl that the suite was given; without one its tests are skipped. */
export const kubectlPath: string | undefined = process.env.KUBECTL

/** How a run of kubectl ended. */
export interface KubectlResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of kubectl that is under way. */
export interface KubectlRun {
  /** What stderr holds so far. */
  stderr(): string
  readonly ended: Promise<KubectlResult>
}

/** John's computer with a kubeconfig for a small Kubernetes API that trusts a real provider. */
export async function cluster(who: ComputerOptions = {}, pluginOptions: readonly string[] = []) {
  const user: Computer = await computer(who)
  const { authority, home } = user
  const provider = stopped(await startProvider({ authority, refreshTokens: 'always' }))
  const oidc = {
    issuer: provider.issuer,
    clientId: 'kubernetes',
    certificateAuthorityPem: authority.certPem,
  }
  const api = stopped(await startApiServer({ authority, oidc }))
  const kubeconfig = join(home, 'kubeconfig.json')
  const options = [...user.options(provider.issuer), ...pluginOptions]
  writeKubeconfig(kubeconfig, { server: api.url, caPem: authority.certPem, options })
  const path = `${writePluginLauncher(home)}${delimiter}${process.env.PATH ?? ''}`
  const environment = { HOME: home, USERPROFILE: home, KUBECONFIG: kubeconfig, PATH: path }
  const start = (...args: readonly string[]): KubectlRun => startKubectl(args, environment)
  return {
    user,
    provider,
    environment,
    api,
    start,
    kubectl: async (...args: readonly string[]) => await start(...args).ended,
  }
}

function startKubectl(args: readonly string[], environment: Record<string, string>): KubectlRun {
  const child = spawn(kubectlPath ?? 'kubectl', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<KubectlResult>((done, fail) => {
    child.once('error', fail)
    child.once('close', (exitCode) => done({ exitCode, stdout, stderr }))
  })
  return { stderr: () => stderr, ended }
}
