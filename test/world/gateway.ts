import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as startRequest } from 'node:https'
import { type Onboarding, onboardingPath } from '../../src/onboarding/index.ts'
import type { ApiServer } from './api-server.ts'
import type { Authority } from './certificates.ts'
import { startLoopbackServer } from './provider-server.ts'

/** What a test wants of the gateway. */
export interface TestGatewayOptions {
  /** Issues its certificate. */
  readonly authority: Authority
  /** Answers what is not the onboarding document. */
  readonly api?: Pick<ApiServer, 'url' | 'certificateAuthorityPem'>
  /** What the document says; `server` is the gateway itself by default. */
  readonly onboarding: Omit<Onboarding, 'server'> & { readonly server?: string }
}

/** A server that tells how its cluster is used, and passes everything else on to an API server. */
export interface TestGateway {
  /** `https://localhost:<port>`. */
  readonly url: string
  /** Requests in the order of their arrival: method, path, and names of the headers. */
  readonly requests: readonly GatewayRequest[]
  /** Answers the question for the document in the place of the gateway. */
  answer:
    | ((response: ServerResponse, document: Readonly<Record<string, unknown>>) => void)
    | undefined
  /** What answers in the place of the API server; undefined for the API server. */
  answerBehind: ((response: ServerResponse) => void) | undefined
  stop(): Promise<void>
}

/** A request that the gateway saw. */
export interface GatewayRequest {
  readonly method: string
  readonly path: string
  readonly headers: readonly string[]
}

/** Starts a gateway on the loopback interface. */
export async function startGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { authority, api, onboarding } = options
  const requests: GatewayRequest[] = []
  const tls = await authority.issue({ commonName: 'localhost' })
  const server = await startLoopbackServer(
    async (request, response) => {
      const { method = '', url: path = '', headers } = request
      requests.push({ method, path, headers: Object.keys(headers).sort() })
      if (path === onboardingPath) {
        const document = documentOf({ server: server.origin, ...onboarding })
        if (gateway.answer) gateway.answer(response, document)
        else answerJson(response, document)
      } else if (gateway.answerBehind) gateway.answerBehind(response)
      else if (api) await passOn(request, response, api)
      else response.writeHead(503).end()
    },
    { tls },
  )
  const gateway: TestGateway = {
    url: server.origin,
    requests,
    answer: undefined,
    answerBehind: undefined,
    stop: server.stop,
  }
  return gateway
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** Written by hand: a test must be able to say what no honest server would. */
function documentOf(onboarding: Onboarding): Readonly<Record<string, unknown>> {
  const { clusterName, server, certificateAuthority, issuer, clientId, scopes } = onboarding
  return {
    version: 1,
    cluster: {
      name: clusterName,
      server,
      ...(certificateAuthority
        ? { certificateAuthorityData: Buffer.from(certificateAuthority).toString('base64') }
        : {}),
    },
    provider: { issuer, clientId, scopes },
  }
}

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  api: Pick<ApiServer, 'url' | 'certificateAuthorityPem'>,
): Promise<void> {
  const { method, headers, url = '' } = request
  const outgoing = startRequest(new URL(url, api.url), {
    method,
    headers,
    ca: api.certificateAuthorityPem,
    agent: false,
  })
  request.pipe(outgoing)
  await new Promise<void>((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response).once('finish', resolve)
    })
  })
}
