import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Authority } from '../certificates.ts'

/** A request of an operator, as it came. */
export interface OperatorRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
  /** Bearer token, or common name of the client certificate; undefined for nobody. */
  readonly who: string | undefined
}

/** An answer in the place of the one that would be given. */
export interface OperatorAnswer {
  readonly status: number
  readonly body: unknown
}

/** What happens in an {@link OperatedCluster}; a test may change it while it runs. */
export interface ClusterScript {
  /** Answers first; undefined leaves it to the cluster. */
  answer?: ((request: OperatorRequest) => OperatorAnswer | undefined) | undefined
  /** Rights that nobody has: `verb group/resource`. */
  readonly refused?: readonly string[]
  /** How it says that somebody may not impersonate. */
  readonly refusal?: string
  /** `status` of a Deployment; ready by default. */
  readonly deployment?: unknown
  readonly pods?: readonly unknown[]
  /** Whether the gateway has the classic right, from wherever it comes. */
  readonly mayBeAnybody?: boolean
}

/** An API server that keeps what is applied and does nothing with it: it says what real ones seldom say. */
export interface OperatedCluster {
  readonly url: string
  /** Path of the operator's kubeconfig. */
  readonly kubeconfig: string
  /** Objects by their paths. */
  readonly objects: Map<string, unknown>
  /** What was asked, reviews left out. */
  readonly requests: readonly OperatorRequest[]
  readonly script: ClusterScript
  /** How many connections were opened. */
  connections(): number
}

/** The operator's token. */
export const operatorToken = 'operator-token'

/** Starts a cluster for `oidc-gateway init`; it stops when the running test ends. */
export async function startOperatedCluster(
  authority: Authority,
  folder: string,
  script: ClusterScript = {},
): Promise<OperatedCluster> {
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const objects = new Map<string, unknown>()
  const requests: OperatorRequest[] = []
  const tls = { cert: certPem, key: keyPem, ca: authority.certPem }
  const how = { ...tls, requestCert: true, rejectUnauthorized: false }
  const server = createServer(how, (incoming, response) => {
    let text = ''
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '', 'https://cluster')
      const [, token] = /^Bearer (.*)$/.exec(incoming.headers.authorization ?? '') ?? []
      const request: OperatorRequest = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        body: text === '' ? undefined : JSON.parse(text),
        who: token ?? nameIn(incoming.socket),
      }
      if (!/review/.test(request.path)) requests.push(request)
      const isImpersonating = incoming.headers['impersonate-user'] !== undefined
      const { status, body } =
        script.answer?.(request) ??
        (isImpersonating ? impersonated(script, request) : answerTo(request, objects, script))
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  let connections = 0
  server.on('secureConnection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const url = `https://127.0.0.1:${address.port}`
  const kubeconfig = join(folder, 'operator.kubeconfig')
  writeFileSync(kubeconfig, kubeconfigOf(url, authority, `token: ${operatorToken}`))
  return { url, kubeconfig, objects, requests, script, connections: () => connections }
}

/** A kubeconfig with one context, `operator`. @param user fields of the user, as YAML in one line */
export function kubeconfigOf(url: string, authority: Authority, user: string): string {
  const ca = Buffer.from(authority.certPem).toString('base64')
  return `apiVersion: v1
kind: Config
current-context: operator
clusters: [{name: c, cluster: {server: "${url}", certificate-authority-data: ${ca}}}]
users: [{name: u, user: {${user}}}]
contexts: [{name: operator, context: {cluster: c, user: u}}]
`
}

const constrainedRefusal =
  'forbidden: User "system:anonymous" cannot impersonate-on:user-info:get path "/livez"'

/** The gateway may, and whoever has no name may not. */
function impersonated(
  { refusal = constrainedRefusal }: ClusterScript,
  { who }: OperatorRequest,
): OperatorAnswer {
  return who === undefined ? failure(403, refusal) : { status: 200, body: { minor: '37' } }
}

/** A `metav1.Status`. */
export function failure(code: number, message: string, more: object = {}): OperatorAnswer {
  return { status: code, body: { kind: 'Status', code, message, ...more } }
}

function answerTo(
  request: OperatorRequest,
  objects: Map<string, unknown>,
  script: ClusterScript,
): OperatorAnswer {
  const { method, path, body, query } = request
  const { kind, spec } = Object(body)
  if (path === '/version') return { status: 200, body: { minor: '37', gitVersion: 'v1.37.0' } }
  if (kind === 'SelfSubjectAccessReview') {
    const allowed =
      !(script.refused ?? []).includes(rightOf(spec)) &&
      (script.mayBeAnybody === true || !isClassic(request))
    return { status: 201, body: { status: { allowed } } }
  }
  if (kind === 'SelfSubjectRulesReview') {
    return { status: 201, body: { status: { resourceRules: [] } } }
  }
  if (kind === 'SelfSubjectReview') {
    const username = 'system:serviceaccount:oidc-gateway:oidc-gateway'
    return { status: 201, body: { status: { userInfo: { username, groups: [] } } } }
  }
  if (kind === 'TokenRequest') return { status: 201, body: { status: { token: 'gateway-token' } } }
  switch (method) {
    case 'GET':
      return found(path, objects, script)
    case 'PATCH': {
      const isTrial = query.get('dryRun') !== null
      const applied = stored(body, objects.get(path), isTrial)
      if (!isTrial) objects.set(path, applied)
      return { status: 200, body: applied }
    }
    case 'POST': {
      const created = stored(body, undefined)
      objects.set(`${path}/${Object(Object(body).metadata).name}`, created)
      return { status: 201, body: created }
    }
    case 'PUT':
      objects.set(path.replace(/\/approval$/, ''), body)
      return { status: 200, body }
    default:
      return objects.delete(path) ? { status: 200, body: {} } : failure(404, 'not found')
  }
}

function found(path: string, objects: Map<string, unknown>, script: ClusterScript): OperatorAnswer {
  if (path.endsWith('/pods')) return { status: 200, body: { items: script.pods ?? [] } }
  const object = objects.get(path)
  if (object === undefined) {
    const isCollection = path.endsWith('/certificatesigningrequests')
    const items = [...objects].filter(([at]) => at.startsWith(`${path}/`)).map(([, one]) => one)
    return isCollection ? { status: 200, body: { items } } : failure(404, 'not found')
  }
  if (!path.includes('/deployments/')) return { status: 200, body: object }
  const ready = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }
  return { status: 200, body: { ...Object(object), status: script.deployment ?? ready } }
}

/** The gateway does not have the classic right, so that its own checks find what they should. */
function isClassic({ who, body }: OperatorRequest): boolean {
  const { verb } = Object(Object(Object(body).spec).resourceAttributes)
  return who !== operatorToken && verb === 'impersonate'
}

function nameIn(socket: unknown): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  return String(socket.getPeerCertificate().subject.CN)
}

/** What was never stored has no version. */
function stored(body: unknown, before: unknown, isTrial = false): unknown {
  const given = isTrial ? undefined : '1'
  const { uid = randomUUID(), resourceVersion = given } = Object(Object(before).metadata)
  const { metadata, ...rest } = Object(body)
  return { ...rest, metadata: { ...metadata, uid, resourceVersion, generation: 1 } }
}

function rightOf(spec: unknown): string {
  const { resourceAttributes, nonResourceAttributes } = Object(spec)
  if (nonResourceAttributes) return `${nonResourceAttributes.verb} ${nonResourceAttributes.path}`
  const { verb, group, resource, subresource } = resourceAttributes
  return `${verb} ${group}/${resource}${subresource ? `/${subresource}` : ''}`
}
