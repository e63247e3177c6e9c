import { delimiter, dirname, join } from 'node:path'
import { startApiServer } from '../world/api-server.ts'
import { writeKubeconfig } from '../world/kubeconfig.ts'
import { writePluginLauncher } from '../world/plugin-launcher.ts'
import { startProvider } from '../world/provider.ts'
import { type Computer, type ComputerOptions, computer, stopped } from '../world/world.ts'
import { type KubectlRun, startKubectl } from './kubectl-run.ts'

/** The kubectl that the suite was given; without one its tests are skipped. */
export const kubectlPath: string | undefined = process.env.KUBECTL

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
  const start = (...args: readonly string[]): KubectlRun =>
    startKubectl({ program, args, environment })
  return {
    environment,
    api,
    start,
    kubectl: async (...args: readonly string[]) => await start(...args).ended,
  }
}
