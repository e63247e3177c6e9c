import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoGateway } from './start-gateway.ts'

/** A line is written when the answer has gone out: its client may be quicker. */
const patienceMs = 2_000
const lookMs = 10

/**
 * Prints what the gateway wrote into its audit log about the last list of a resource, for people.
 *
 * @returns whether there is such a line
 */
export async function showAudit({ audit }: DemoGateway, resource: string): Promise<boolean> {
  const until = Date.now() + patienceMs
  const lineOf = () =>
    audit.findLast((candidate) => candidate.resource === resource && candidate.verb === 'list')
  while (lineOf() === undefined && Date.now() < until) await sleep(lookMs)
  const line = lineOf()
  if (line === undefined) return false
  const { username, groups } = Object(line.user)
  console.log(`
The gateway wrote into its audit log:
  who     ${username}, groups ${groups}
  what    ${line.verb} ${line.resource} in the namespace ${line.namespace}
  answer  ${line.code} after ${line.durationMs} ms
  id      ${line.auditID}, the same as in the log of the API server`)
  return true
}
