import {
  findPrograms,
  runToEnd,
  type System,
  temporaryPath,
  watchForContact,
} from '../../system/index.ts'
import type { Check, Finding } from '../check.ts'
import { defectsOf } from '../kubectl-defects.ts'

/** kubectl asks a wrapper or a slow disk for some patience. */
const timeoutMs = 15_000

/**
 * Whether kubectl is there, is new enough, and is no wrapper that asks the cluster before it runs a
 * plugin: with `command: kubectl` such a wrapper calls itself until the computer gives up
 * (int128/kubelogin#831).
 */
export const kubectlCheck: Check = {
  name: 'kubectl',
  async run({ system }) {
    const [path] = findPrograms(system, 'kubectl')
    if (path === undefined) {
      return {
        verdict: 'warning',
        message: 'There is no kubectl on the PATH.',
        remedy: 'Install it, unless another client (k9s, Lens, Helm) uses this plugin by its path.',
      }
    }
    // Without the plugin on the PATH kubectl looks for a command of that name, and may ask the cluster.
    const canRunPlugin = findPrograms(system, 'kubectl-oidc_login').length > 0
    if (canRunPlugin && (await asksTheCluster(system, path))) {
      return {
        verdict: 'failed',
        message: `${path} is a wrapper that asks the cluster before it runs a plugin, so "command: kubectl" in the kubeconfig would call itself without end.`,
        remedy:
          'Give the absolute path of kubectl-oidc_login as "command" in the kubeconfig, without the argument oidc-login.',
      }
    }
    return await judgeVersion(path)
  },
}

async function judgeVersion(path: string): Promise<Finding> {
  // Google's kubectl asks the cluster before it says which one it is, and would sign in for that.
  const env = { KUBECONFIG: temporaryPath('no-kubeconfig') }
  const outcome = await runToEnd(path, ['version', '--client', '-o', 'json'], { env, timeoutMs })
  const [, version = '', major = '', minor = '', patch = ''] =
    /"gitVersion":\s*"(v(\d+)\.(\d+)(?:\.(\d+))?[\w.+-]*)"/.exec(outcome.stdout) ?? []
  if (version === '') {
    return {
      verdict: 'warning',
      message: `${path} does not tell its version.`,
      remedy: `Run "${path} version --client" and see what it says.`,
    }
  }
  const defects = Number(major) === 1 ? defectsOf(Number(minor), Number(patch)) : []
  const notes = defects.map(({ what, issue }) => ` It ${what} (${issue}).`).join('')
  if (Number(major) === 1 && Number(minor) < 22) {
    return {
      verdict: 'warning',
      message: `${path} is ${version}, which does not know client.authentication.k8s.io/v1.${notes}`,
      remedy: 'Use kubectl 1.22 or newer, or apiVersion client.authentication.k8s.io/v1beta1.',
    }
  }
  if (defects.length === 0) return { verdict: 'ok', message: `${path} is ${version}.` }
  return {
    verdict: 'warning',
    message: `${path} is ${version}, which has a known defect.${notes}`,
    remedy: 'Use a newer kubectl.',
  }
}

/**
 * Whether a kubectl asks the cluster before it runs a plugin: runs this one through it, with a cluster
 * at which nobody should knock.
 *
 * @param path absolute path of a kubectl, or of what stands in for it
 */
export async function asksTheCluster(system: System, path: string): Promise<boolean> {
  const watch = await watchForContact()
  const kubeconfig = temporaryPath('doctor-kubeconfig')
  try {
    system.files.writeAtomic(kubeconfig, emptyCluster(watch.port))
    const env = { KUBECONFIG: kubeconfig }
    await runToEnd(path, ['oidc-login', 'version'], { env, timeoutMs })
    return watch.contacts() > 0
  } finally {
    system.files.remove(kubeconfig)
    watch.close()
  }
}

function emptyCluster(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'doctor',
    clusters: [{ name: 'doctor', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: 'doctor', context: { cluster: 'doctor', user: 'doctor' } }],
    users: [{ name: 'doctor', user: {} }],
  })
}
