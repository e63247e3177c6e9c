import { dirname, isAbsolute, resolve, sep } from 'node:path'
import type { ExecEntry, UserEntry } from '../kubeconfig/index.ts'
import { printable } from '../printable.ts'
import { findPrograms, isExecutable, ownProgram, realPath, type System } from '../system/index.ts'
import type { Finding } from './check.ts'
import { isThisPlugin } from './checks/plugin.ts'

/** One thing that is wrong with an entry. */
export type Problem = Omit<Finding, 'verdict'> & { readonly verdict: 'failed' | 'warning' }

/**
 * What kubectl, and this plugin behind it, would object to in an `exec` entry (client-go
 * `plugin/pkg/client/auth/exec`, `tools/clientcmd` `validateAuthInfo`). The entry's options are not
 * looked at.
 *
 * @param needsTyping whether a sign-in needs a person who types
 */
export async function problemsOf(
  system: System,
  { user, exec }: { readonly user: UserEntry; readonly exec: ExecEntry },
  needsTyping: boolean,
): Promise<Problem[]> {
  return [
    ...apiVersionProblems(exec),
    ...interactiveModeProblems(exec, needsTyping),
    ...(await commandProblems(system, user, exec)),
  ]
}

const current = 'client.authentication.k8s.io/v1'
const beta = 'client.authentication.k8s.io/v1beta1'

function apiVersionProblems({ apiVersion }: ExecEntry): Problem[] {
  if (apiVersion === current || apiVersion === beta) return []
  const remedy = `Set apiVersion: ${current}`
  if (!apiVersion) return [{ verdict: 'failed', message: 'It has no apiVersion.', remedy }]
  const isAlpha = apiVersion === 'client.authentication.k8s.io/v1alpha1'
  const why = isAlpha
    ? 'which kubectl 1.24 and newer does not know any more'
    : 'which kubectl does not know'
  return [
    { verdict: 'failed', message: `Its apiVersion is ${printable(apiVersion)}, ${why}.`, remedy },
  ]
}

const modes = ['Never', 'IfAvailable', 'Always']

function interactiveModeProblems(exec: ExecEntry, needsTyping: boolean): Problem[] {
  const { interactiveMode: mode, apiVersion } = exec
  const remedy = 'Set interactiveMode: IfAvailable'
  if (!mode) {
    if (apiVersion === beta) return []
    const message = `It has no interactiveMode, which ${current} demands.`
    return [{ verdict: 'failed', message, remedy }]
  }
  if (!modes.includes(mode)) {
    const message = `Its interactiveMode is ${printable(mode)}; kubectl knows ${modes.join(', ')}.`
    return [{ verdict: 'failed', message, remedy }]
  }
  if (mode === 'Always') {
    const message =
      'Its interactiveMode is Always: kubectl refuses to run it where stdin is no terminal (kubectl apply -f -, scripts, graphical programs).'
    return [{ verdict: 'warning', message, remedy }]
  }
  if (mode === 'Never' && needsTyping) {
    const message =
      'Its interactiveMode is Never, but its grant asks for something that has to be typed.'
    return [{ verdict: 'warning', message, remedy }]
  }
  return []
}

async function commandProblems(
  system: System,
  user: UserEntry,
  { command }: ExecEntry,
): Promise<Problem[]> {
  if (command === '') {
    const remedy = 'Set command: kubectl, with the arguments oidc-login and get-token'
    return [{ verdict: 'failed', message: 'It has no command.', remedy }]
  }
  const shown = printable(command)
  const path = pathOf(system, user, command)
  if (path === undefined) return [notFound(shown)]
  // What it is worth is told by the checks "plugin" and "kubectl".
  if (/^kubectl(\.exe)?$/.test(command) || realPath(path) === ownProgram()) return []
  if (/(oidc[-_]login|kubelogin)[^/\\]*$/.test(command) && (await isThisPlugin(path))) return []
  return [
    {
      verdict: 'warning',
      message: `Its command ${shown} runs ${path}, which is another program than this one.`,
      remedy: `If it is not meant to be: set command: kubectl with the argument oidc-login before get-token, or ${ownProgram() ?? 'the path of this one'}`,
    },
  ]
}

function notFound(command: string): Problem {
  const isHome = command.startsWith('~')
  return {
    verdict: 'failed',
    message: `Its command ${command} is not found${isHome ? ': kubectl does not replace ~ by your home folder' : ''}.`,
    remedy: isHome
      ? 'Write the whole path.'
      : 'Install it, add its folder to the PATH, or write its whole path.',
  }
}

/** A bare name is looked for on the PATH; a relative path begins at the folder of the kubeconfig. */
function pathOf(system: System, user: UserEntry, command: string): string | undefined {
  const isName = !command.includes('/') && !command.includes(sep)
  if (isName) return findPrograms(system, command.replace(/\.exe$/i, ''))[0]
  const path = isAbsolute(command) ? command : resolve(dirname(user.path), command)
  return isExecutable(path) ? path : undefined
}
