import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
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
  const { authority } = user
  const provider = stopped(await startProvider({ authority, refreshTokens: 'always' }))
  const { issuer } = provider
  const options = [...user.options(issuer), ...pluginOptions]
  return {
    user,
    provider,
    ...(await clusterOf(user, { issuer, caPem: authority.certPem, options })),
  }
}

/** Who a small Kubernetes API trusts, and how its users sign in there. */
export interface ClusterFacts {
  readonly issuer: string
  /** Certificate of the authority that vouches for the provider. */
  readonly caPem: string
  /** Options of `get-token`. */
  readonly options: readonly string[]
  /** Version of the exec API; `v1` by default. */
  readonly execVersion?: string
  /** Path of a program with the name `kubectl`; that of the suite by default. */
  readonly kubectl?: string
}

/** A small Kubernetes API, and its kubeconfig on a user's computer. */
export async function clusterOf({ authority, home }: Computer, facts: ClusterFacts) {
  const { issuer, caPem, kubectl: program = kubectlPath ?? 'kubectl' } = facts
  const oidc = { issuer, clientId: 'kubernetes', certificateAuthorityPem: caPem }
  const api = stopped(await startApiServer({ authority, oidc }))
  const kubeconfig = join(home, 'kubeconfig.json')
  writeKubeconfig(kubeconfig, { ...facts, server: api.url, caPem: authority.certPem })
  const bin = writePluginLauncher(home)
  // The exec plugin is `kubectl oidc-login`: the same kubectl has to come first on the PATH.
  const path = [bin, dirname(program), process.env.PATH ?? ''].join(delimiter)
  const environment = { HOME: home, USERPROFILE: home, KUBECONFIG: kubeconfig, PATH: path }
  const start = (...args: readonly string[]): KubectlRun => startKubectl(program, args, environment)
  return {
    environment,
    api,
    start,
    kubectl: async (...args: readonly string[]) => await start(...args).ended,
  }
}

function startKubectl(
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): KubectlRun {
  const child = spawn(program, args, {
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
