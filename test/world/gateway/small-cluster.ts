import { createServer } from 'node:https'
import { onTestFinished } from 'vitest'
import type { Authority } from '../certificates.ts'

/** What a cluster is asked by `oidc-gateway doctor`, and says. */
export interface SmallCluster {
  /** Minor version of Kubernetes 1. */
  readonly minor?: number
  /** The user whom the credential of the gateway is. */
  readonly username: string
  readonly groups?: readonly string[]
  /** Rights that the user has: `verb group/resource`, or `verb path`. */
  readonly rights?: readonly string[]
  /** Rules of a SelfSubjectRulesReview. */
  readonly rules?: readonly unknown[]
  /** Answers to GET by path; all else is forbidden. */
  readonly documents?: Readonly<Record<string, unknown>>
  /** How far its clock is ahead, in seconds. */
  readonly aheadSeconds?: number
}

/** Starts a cluster that only answers; it stops when the running test ends. @returns its URL */
export async function startSmallCluster(
  authority: Authority,
  cluster: SmallCluster,
): Promise<string> {
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const server = createServer(
    {
      cert: certPem,
      key: keyPem,
      ca: authority.certPem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      request.on('end', () => {
        const body: unknown = text === '' ? undefined : JSON.parse(text)
        const answer = answerTo(cluster, request.url ?? '', body)
        const now = Date.now() + (cluster.aheadSeconds ?? 0) * 1000
        response.writeHead(answer === undefined ? 403 : 200, { date: new Date(now).toUTCString() })
        response.end(JSON.stringify(answer ?? { kind: 'Status', code: 403 }))
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `https://127.0.0.1:${address.port}`
}

function answerTo(cluster: SmallCluster, path: string, body: unknown): unknown {
  const {
    minor = 37,
    username,
    groups = ['system:authenticated'],
    rules = [],
    rights = [],
  } = cluster
  if (path === '/version') return { major: '1', minor: `${minor}`, gitVersion: `v1.${minor}.0` }
  const { kind, spec } = Object(body)
  switch (kind) {
    case 'SelfSubjectReview':
      return { status: { userInfo: { username, groups } } }
    case 'SelfSubjectAccessReview':
      return { status: { allowed: rights.includes(rightOf(spec)) } }
    case 'SelfSubjectRulesReview':
      return { status: { resourceRules: rules } }
    default:
      return cluster.documents?.[path]
  }
}

function rightOf(spec: unknown): string {
  const { resourceAttributes, nonResourceAttributes } = Object(spec)
  if (nonResourceAttributes) return `${nonResourceAttributes.verb} ${nonResourceAttributes.path}`
  const { verb, group, resource, subresource } = resourceAttributes
  return `${verb} ${group}/${resource}${subresource ? `/${subresource}` : ''}`
}
