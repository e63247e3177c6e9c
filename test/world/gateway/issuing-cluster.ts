import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { Authority } from '../certificates.ts'
import { signRequest } from '../signer.ts'
import type { AtEnd } from './at-end.ts'

/** A request that has reached the cluster. */
export interface IssuingRequest {
  readonly method: string
  readonly path: string
  /** Common name and serial number of the client certificate; empty without one. */
  readonly clientName: string
  readonly serial: string
  readonly impersonates: string
  readonly body: unknown
}

/** A pair as a Secret holds it, PEM. */
export interface StoredPair {
  readonly certificate: string
  readonly key: string
}

/** A cluster that signs certificates, in the hands of a test. Everything may be changed at any time. */
export interface IssuingCluster {
  readonly url: string
  readonly requests: readonly IssuingRequest[]
  /** Names of the CertificateSigningRequests, oldest first. */
  names(): readonly string[]
  /** What `kubectl certificate approve` does: the signer answers. */
  approve(name: string): Promise<void>
  deny(name: string): void
  /** Deletes a request, as Kubernetes does after a day. */
  forget(name: string): void
  /** How the signer answers; by default as it should. */
  signer: (requestPem: string) => Promise<string>
  /** What the one Secret holds. */
  secret: StoredPair
  /** Serial numbers that are not accepted. */
  readonly refused: Set<string>
  /** Beginnings of `VERB path` that are forbidden. */
  readonly forbidden: Set<string>
  /** Beginnings of `VERB path` that are answered with 503. */
  readonly unavailable: Set<string>
  /** Lets a watch that is open get another line. */
  event(): void
}

const csrs = '/apis/certificates.k8s.io/v1/certificatesigningrequests'

interface SigningObject {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly request: string }
  status: { conditions?: readonly unknown[]; certificate?: string }
}

/** Starts the cluster on the loopback interface. */
export async function startIssuingCluster(
  authority: Authority,
  secret: StoredPair,
  atEnd: AtEnd,
): Promise<IssuingCluster> {
  const { certPem, keyPem } = await authority.issue({ commonName: 'kubernetes' })
  const requests: IssuingRequest[] = []
  const objects = new Map<string, SigningObject>()
  const watches = new Set<() => void>()

  async function sign(object: SigningObject, conditions: readonly unknown[]): Promise<void> {
    const pem = await cluster.signer(Buffer.from(object.spec.request, 'base64').toString('utf8'))
    object.status = { conditions, certificate: Buffer.from(pem).toString('base64') }
  }

  async function answer(request: IssuingRequest): Promise<readonly [number, unknown]> {
    const what = `${request.method} ${request.path}`
    const begins = (beginning: string): boolean => what.startsWith(beginning)
    if (request.serial === '' || cluster.refused.has(request.serial)) return [401, status(401)]
    if ([...cluster.forbidden].some(begins)) return [403, status(403)]
    if ([...cluster.unavailable].some(begins)) return [503, status(503)]
    if (request.path.startsWith(csrs)) return await answerSigning(request)
    if (request.path.includes('/secrets/')) return answerSecret(request)
    if (request.path.endsWith('/selfsubjectreviews')) {
      return [201, { status: { userInfo: { username: request.clientName } } }]
    }
    return [200, { serial: request.serial }]
  }

  async function answerSigning(request: IssuingRequest): Promise<readonly [number, unknown]> {
    if (request.method === 'POST') {
      const object: SigningObject = { ...Object(request.body), status: {} }
      objects.set(object.metadata.name, object)
      return [201, object]
    }
    const [name = '', subresource] = request.path.slice(csrs.length + 1).split('/')
    const object = objects.get(name)
    if (!object) return [404, status(404)]
    if (request.method === 'PUT' && subresource === 'approval') {
      await sign(object, Object(Object(request.body).status).conditions)
    }
    return [200, object]
  }

  function answerSecret({ method, body }: IssuingRequest): readonly [number, unknown] {
    if (method === 'PATCH') {
      const data = Object(Object(body).data)
      cluster.secret = { certificate: plain(data['tls.crt']), key: plain(data['tls.key']) }
    }
    const { certificate, key } = cluster.secret
    return [200, { data: { 'tls.crt': coded(certificate), 'tls.key': coded(key) } }]
  }

  const server = createServer(
    {
      cert: certPem,
      key: keyPem,
      ca: authority.certPem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (incoming, response) => {
      void recorded(incoming).then(async (request) => {
        requests.push(request)
        const [code, json] = await answer(request)
        response.writeHead(code, { 'content-type': 'application/json' })
        if (!request.path.includes('watch=')) {
          response.end(JSON.stringify(json))
          return
        }
        const event = (): void => void response.write('{"type":"BOOKMARK"}\n')
        event()
        watches.add(event)
      })
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')

  const cluster: IssuingCluster = {
    url: `https://127.0.0.1:${address.port}`,
    requests,
    names: () => [...objects.keys()],
    async approve(name) {
      const object = objects.get(name)
      if (object) await sign(object, [{ type: 'Approved', status: 'True' }])
    },
    deny(name) {
      const object = objects.get(name)
      if (object) object.status = { conditions: [{ type: 'Denied', reason: 'NotToday' }] }
    },
    forget: (name) => void objects.delete(name),
    signer: async (requestPem) => await signRequest(authority, requestPem),
    secret,
    refused: new Set(),
    forbidden: new Set(),
    unavailable: new Set(),
    event() {
      for (const write of watches) write()
    },
  }
  return cluster
}

async function recorded(incoming: IncomingMessage): Promise<IssuingRequest> {
  const { socket, method = '', url: path = '', headers } = incoming
  const peer =
    socket instanceof TLSSocket && socket.authorized ? socket.getPeerCertificate() : undefined
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk
  return {
    method,
    path,
    clientName: String(peer?.subject?.CN ?? ''),
    serial: peer?.serialNumber ?? '',
    impersonates: String(headers['impersonate-user'] ?? ''),
    body: text === '' ? undefined : JSON.parse(text),
  }
}

function status(code: number): unknown {
  return { kind: 'Status', apiVersion: 'v1', code, message: `the test says ${code}` }
}

function plain(value: unknown): string {
  return Buffer.from(String(value), 'base64').toString('utf8')
}

function coded(text: string): string {
  return Buffer.from(text).toString('base64')
}
