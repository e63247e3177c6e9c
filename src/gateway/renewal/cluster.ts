import type { CertificateSecret, SigningRequest } from '../certificate/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import { messageOf, type OwnAnswer, type OwnRequest, ownRequest } from '../kubernetes/index.ts'
import { createUpstream, type UpstreamAccess } from '../upstream/index.ts'
import { RenewalFailure } from './failure.ts'

/** What a renewal asks of the cluster, with the credential that it is made for. */
export interface RenewalCluster {
  /** @returns the Secret */
  readSecret(secret: CertificateRenewal['secret']): Promise<unknown>
  applySecret(secret: CertificateSecret): Promise<void>
  /** @returns the request as it was created */
  createRequest(request: SigningRequest): Promise<unknown>
  /** @returns the request; undefined when it is gone */
  readRequest(name: string): Promise<unknown>
  /** @returns whether it was allowed */
  approveRequest(name: string, approved: object): Promise<boolean>
}

/** How long the API server may take, in milliseconds. */
const deadlineMs = 10_000

/** Heads of answers to these few requests are small. */
const maxHeaderBytes = 64 * 1024

const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'

/**
 * The owner of what a renewal writes. It is no other's: who applies owns all that he writes, and takes
 * away what he writes no more.
 */
const fieldManager = 'oidc-gateway-renewal'

/**
 * Makes the cluster as a renewal sees it. Each question takes a connection of its own, because the
 * credential may be another one at the next, and because those of clients may all be in use.
 *
 * Its functions throw RenewalFailure for a refusal, and NoAnswer.
 */
export function renewalCluster(access: () => UpstreamAccess, signal: AbortSignal): RenewalCluster {
  const ask = async (request: OwnRequest): Promise<OwnAnswer> =>
    await askOnce(access(), request, signal)
  return {
    async readSecret({ namespace, name }) {
      const answer = await ask({ path: `/api/v1/namespaces/${namespace}/secrets/${name}` })
      if (answer.status === 404) {
        throw new RenewalFailure(
          `There is no Secret ${namespace}/${name}.`,
          'Name the Secret that certFile and keyFile come from in upstream.renewal.secret.',
        )
      }
      expectGood(answer, `read the Secret ${namespace}/${name}`)
      return answer.json
    },
    async applySecret(secret) {
      const { namespace, name } = secret.metadata
      const path = `/api/v1/namespaces/${namespace}/secrets/${name}` as const
      const answer = await ask({
        path: `${path}?fieldManager=${fieldManager}&force=true`,
        method: 'APPLY',
        body: secret,
      })
      expectGood(answer, `patch the Secret ${namespace}/${name}`)
    },
    async createRequest(request) {
      const answer = await ask({ path: requests, body: request })
      expectGood(answer, 'create certificatesigningrequests')
      return answer.json
    },
    async readRequest(name) {
      const answer = await ask({ path: `${requests}/${name}` })
      if (answer.status === 404) return undefined
      expectGood(answer, 'get certificatesigningrequests')
      return answer.json
    },
    async approveRequest(name, approved) {
      const path = `${requests}/${name}/approval` as const
      const answer = await ask({ path, method: 'PUT', body: approved })
      if (answer.status === 403) return false
      expectGood(answer, 'update certificatesigningrequests/approval')
      return true
    },
  }
}

/**
 * Asks something over a connection that exists for this question alone.
 *
 * @throws NoAnswer
 */
export async function askOnce(
  access: UpstreamAccess,
  request: OwnRequest,
  signal: AbortSignal,
): Promise<OwnAnswer> {
  const upstream = createUpstream({ access, maxConnections: 1, maxHeaderBytes })
  try {
    return await ownRequest(
      upstream,
      request,
      AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    )
  } finally {
    void upstream.close()
  }
}

function expectGood({ status, json }: OwnAnswer, what: string): void {
  if (status === 200 || status === 201) return
  if (status === 401) {
    throw new RenewalFailure(
      'The API server does not accept the client certificate of the gateway any more.',
      'Put another certificate into the Secret: kubectl create secret tls, or oidc-gateway init --credential certificate.',
    )
  }
  if (status === 403) {
    throw new RenewalFailure(
      `The gateway may not ${what}: ${messageOf(json)}`,
      'Grant it; oidc-gateway doctor prints the rule.',
    )
  }
  throw new RenewalFailure(
    `The gateway could not ${what}: the API server answers with ${status} (${messageOf(json)}).`,
    'Look at the API server.',
  )
}
