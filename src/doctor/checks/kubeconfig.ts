import type { ContextEntry, UserEntry } from '../../kubeconfig/index.ts'
import { printable } from '../../printable.ts'
import type { System } from '../../system/index.ts'
import { type Check, type Finding, skipped } from '../check.ts'
import { type Problem, problemsOf } from '../exec-entry.ts'
import type { KubeconfigFacts, PluginCall } from '../kubeconfig-facts.ts'

type Read = Extract<KubeconfigFacts, { kind: 'read' }>

/** Whether the context leads to a cluster, and to a user whose entry kubectl and this plugin accept. */
export const kubeconfigCheck: Check = {
  name: 'kubeconfig',
  async run({ system, kubeconfig: facts }) {
    if (facts.kind === 'unreadable') throw facts.error
    if (facts.kind === 'missing') return skipped(`There is no kubeconfig ${facts.path}.`)
    const { chosen, kubeconfig, path } = facts
    if (chosen.kind === 'none') {
      return {
        verdict: 'warning',
        message: `${path} has no current context.`,
        remedy: 'Choose one with "kubectl config use-context NAME", or give --context.',
      }
    }
    if (chosen.kind === 'unknown') {
      const names = kubeconfig.contexts.map(({ name }) => printable(name)).join(', ')
      return {
        verdict: 'failed',
        message: `${path} has no context "${printable(chosen.name)}".`,
        remedy: names === '' ? 'It has none at all.' : `It has ${names}.`,
      }
    }
    const { context, cluster, user } = chosen
    if (cluster === undefined) return dangling(context, 'cluster')
    if (user === undefined) return dangling(context, 'user')
    return await judgeUser(system, { facts, context, user })
  },
}

function dangling(context: ContextEntry, what: 'cluster' | 'user'): Finding {
  const name = printable(context[what] ?? '')
  return {
    verdict: 'failed',
    message: `The context "${printable(context.name)}" in ${context.path} names ${name === '' ? `no ${what}` : `the ${what} "${name}", which is not there`}.`,
    remedy: `Correct the context: kubectl config set-context ${printable(context.name)} --${what}=NAME`,
  }
}

interface Judged {
  readonly facts: Read
  readonly context: ContextEntry
  readonly user: UserEntry
}

async function judgeUser(system: System, judged: Judged): Promise<Finding> {
  const { facts, context, user } = judged
  const { exec, authProvider } = user
  const whose = `The user "${printable(user.name)}" of the context "${printable(context.name)}"`
  if (authProvider !== undefined) {
    return {
      verdict: 'warning',
      message: `${whose} signs in with the deprecated auth-provider "${printable(authProvider.name)}", not with this plugin.`,
      remedy: 'Convert it: kubectl oidc-login setup --from-auth-provider',
    }
  }
  if (exec === undefined || facts.call.kind === 'none') {
    const means = exec ? `runs ${printable(exec.command)}` : 'has no exec entry'
    return skipped(
      `${whose} ${means}: it does not use this plugin. Give --context for another one.`,
    )
  }
  const problems = [
    ...(await problemsOf(system, { user, exec }, needsTyping(facts.call))),
    ...optionProblems(facts.call),
  ]
  if (problems.length > 0) return worstOf(problems, `${whose}, in ${user.path}, needs care.`)
  const { call } = facts
  const where =
    call.kind === 'accepted'
      ? ` at ${printable(call.issuer)} (client ${printable(call.clientId)})`
      : ''
  return { verdict: 'ok', message: `${whose} signs in with this plugin${where}.` }
}

function needsTyping(call: PluginCall): boolean {
  return call.kind === 'accepted' && call.needsTyping
}

function optionProblems(call: PluginCall): Problem[] {
  if (call.kind !== 'refused') return []
  const { message, hint } = call.error
  return [{ verdict: 'failed', message: `Its arguments are refused: ${message}`, remedy: hint }]
}

function worstOf(problems: readonly Problem[], beginning: string): Finding {
  const isFailed = problems.some(({ verdict }) => verdict === 'failed')
  return {
    verdict: isFailed ? 'failed' : 'warning',
    message: [beginning, ...problems.map(({ message }) => message)].join(' '),
    remedy: problems
      .flatMap(({ remedy }) => (remedy ? [remedy.replace(/([^.])$/, '$1.')] : []))
      .join(' '),
  }
}
