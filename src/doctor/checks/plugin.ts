import { findPrograms, ownProgram, realPath, runToEnd } from '../../system/index.ts'
import type { Check, Finding } from '../check.ts'

const name = 'kubectl-oidc_login'

/** Whether kubectl finds this plugin on the PATH, and no other program of its name before it. */
export const pluginCheck: Check = {
  name: 'plugin',
  async run({ system }) {
    const found = [...new Set(findPrograms(system, name))]
    const [first, ...others] = found
    if (first === undefined) return notFound()
    if (realPath(first) !== ownProgram() && !(await isThisPlugin(first))) return shadowedBy(first)
    const strangers = others.filter((path) => realPath(path) !== realPath(first))
    if (strangers.length === 0) {
      return { verdict: 'ok', message: `"kubectl oidc-login" runs ${first}.` }
    }
    return {
      verdict: 'warning',
      message: `"kubectl oidc-login" runs ${first}; there is another one behind it: ${strangers.join(', ')}.`,
      remedy: 'Remove the one that you do not use, before the order of the PATH changes.',
    }
  },
}

function notFound(): Finding {
  return {
    verdict: 'failed',
    message: `kubectl does not find ${name} on the PATH.`,
    remedy: `Add the folder of ${name} to the PATH, or give its absolute path as "command" in the kubeconfig.`,
  }
}

function shadowedBy(path: string): Finding {
  return {
    verdict: 'failed',
    message: `"kubectl oidc-login" runs ${path}, which is another program than this one.`,
    remedy: `Remove it, or put the folder of this one before it in the PATH. This one is ${ownProgram() ?? 'unknown'}.`,
  }
}

/**
 * Whether a program is this plugin: on Windows, and with some package managers, a small script stands
 * in front of it.
 *
 * @param path absolute
 */
export async function isThisPlugin(path: string): Promise<boolean> {
  const { exitCode, stdout } = await runToEnd(path, ['version', '-o', 'json'], {
    timeoutMs: 10_000,
  })
  return exitCode === 0 && stdout.startsWith(`{"name":"${name}"`)
}
