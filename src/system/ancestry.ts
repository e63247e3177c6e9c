import { processLiveness } from './process-liveness.ts'
import type { System } from './system.ts'

/** Names the process whose sign-in has started the programs that inherit it. */
const variable = 'KUBECTL_OIDC_LOGIN_STARTED_BY'

/**
 * Lets the programs that this process starts from now on know it, and the plugin among their own
 * children, which {@link waitingAncestor} then tells.
 */
export function markChildren(): void {
  const { startTicks } = processLiveness(process.pid)
  process.env[variable] = `${process.pid}-${startTicks ?? ''}`
}

/**
 * Finds the sign-in that has started this very call: a program that it runs has called kubectl, and
 * kubectl the plugin. It would wait for itself. A sign-in that has ended does not count: a browser
 * outlives the process that opened it, and may well run a terminal.
 *
 * @returns its process id; undefined when there is none
 */
export function waitingAncestor({ env }: Pick<System, 'env'>): number | undefined {
  const [, digits, ticks = ''] = /^(\d{1,10})-(\d*)$/.exec(env[variable] ?? '') ?? []
  const pid = Number(digits ?? 0)
  if (pid === 0 || pid === process.pid) return undefined
  const { isAlive, startTicks } = processLiveness(pid)
  return isAlive && String(startTicks ?? '') === ticks ? pid : undefined
}
