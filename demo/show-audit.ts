import type { DemoGateway } from './start-gateway.ts'

/**
 * Prints what the gateway wrote into its audit log about the last list of a resource, for people.
 *
 * @returns whether there is such a line
 */
export function showAudit({ audit }: DemoGateway, resource: string): boolean {
  const line = audit.findLast(
    (candidate) => candidate.resource === resource && candidate.verb === 'list',
  )
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
