import { Agent, request } from 'node:https'
import { textAt } from '../../world/api/json.ts'
import { inParallel } from './in-parallel.ts'
import { type Shape, shapes, unlike } from './request-shapes.ts'
import { gatewayUser, type OracleWorld } from './world.ts'

/**
 * Sends requests of every shape through the gateway, and compares its audit lines with the audit events of
 * the API server that have the same Audit-ID.
 */
export async function compareRequestInfo(
  world: OracleWorld,
): Promise<{ readonly differences: readonly string[]; readonly count: number }> {
  const { port, certificateAuthority: ca } = world.gateway
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca })
  const { token } = world.press.sample('', 'plain', { sub: 'shape' })
  const answers = await inParallel(shapes, async ({ method, target }) => {
    const headers = { authorization: `Bearer ${token}` }
    return await auditIdOf({
      agent,
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      method,
      path: target,
      headers,
    })
  })
  const ids = new Map(answers.map(([shape, id]) => [id, shape]))
  const events = await world.cluster.auditEvents({
    isWanted: (event) =>
      ids.has(textAt(event, 'auditID')) && textAt(event, 'stage') === 'ResponseComplete',
    atLeast: ids.size,
  })
  const lines = new Map(world.auditLines().map((line) => [line.auditID, line]))
  const differences = events.flatMap((event) => {
    const id = textAt(event, 'auditID')
    const theirs = facts(event)
    const ours = factsOfLine(lines.get(id) ?? {})
    const shape = ids.get(id)
    const isSame = theirs.join() === ours.join()
    return isSame !== isUnlike(shape)
      ? []
      : `${shape?.method}: ${theirs.join(' | ')} and not ${ours.join(' | ')}`
  })
  return { differences, count: events.length }
}

function isUnlike(shape: Shape | undefined): boolean {
  return (
    shape !== undefined &&
    shape.method === 'GET' &&
    unlike.some((target) => target === shape.target)
  )
}

const fields = ['apiGroup', 'apiVersion', 'namespace', 'resource', 'subresource', 'name'] as const

function facts(event: Parameters<typeof textAt>[0]): readonly string[] {
  return [
    textAt(event, 'user.username'),
    textAt(event, 'impersonatedUser.username'),
    textAt(event, 'verb'),
    ...fields.map((name) => textAt(event, `objectRef.${name}`)),
    // An empty query leaves no trace in our log.
    textAt(event, 'requestURI').replace(/^([^?]*)\?$/, '$1'),
  ]
}

function factsOfLine(line: Readonly<Record<string, unknown>>): readonly string[] {
  const { path, query } = line
  return [
    gatewayUser,
    String(Object(line.user).username),
    ...['verb', ...fields].map((name) => String(line[name] ?? '')),
    `${path}${query === undefined ? '' : `?${query}`}`,
  ]
}

async function auditIdOf(options: Parameters<typeof request>[1]): Promise<string> {
  return await new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => {
      response.resume().on('end', () => resolve(String(response.headers['audit-id'])))
    })
    outgoing.once('error', reject)
    outgoing.end()
  })
}
