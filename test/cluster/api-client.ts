import type { Json } from '../world/api/json.ts'
import { send, stream, type TestStream } from '../world/api/test-client.ts'
import type { KeyAndCertificate } from '../world/certificates.ts'

/** An answer that is no success. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Asks an API server. An answer that is no success rejects with an {@link ApiError}. */
export interface ApiClient {
  /** Whether the API server says that it is ready. Rejects when it cannot be reached. */
  isReady(): Promise<boolean>
  get(path: string): Promise<Json>
  /** Whether something is there. */
  exists(path: string): Promise<boolean>
  create(path: string, object: object): Promise<Json>
  update(path: string, object: object): Promise<Json>
  /** Changes fields (RFC 7386). */
  merge(path: string, change: object): Promise<Json>
  /** Server-side apply, as the owner `test`, who takes every field from its owner. */
  apply(path: string, object: object): Promise<Json>
  /** @param options `DeleteOptions` */
  remove(path: string, options?: object): Promise<Json>
  /** Reads an answer that goes on, such as a watch, line by line. */
  stream(path: string): Promise<TestStream>
}

/** Where to ask, and as whom. */
export interface ApiAccess {
  /** URL of the API server. */
  readonly server: string
  /** Certificate of the authority that vouches for it. */
  readonly caPem: string
  readonly certificate: KeyAndCertificate
}

/** A client that opens a connection for each request, so that nothing of it outlives a restart. */
export function apiClient({ server, caPem, certificate }: ApiAccess): ApiClient {
  const api = { url: server, certificateAuthorityPem: caPem }

  async function ask(method: string, path: string, body?: object, type = 'json') {
    return await send(api, {
      method,
      path,
      certificate,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': `application/${type}` },
            body: Buffer.from(JSON.stringify(body)),
          }),
    })
  }

  async function must(method: string, path: string, body?: object, type?: string): Promise<Json> {
    const { status, text } = await ask(method, path, body, type)
    if (status >= 300) throw new ApiError(status, `${method} ${path}: ${status} ${text}`)
    return JSON.parse(text)
  }

  return {
    isReady: async () => (await ask('GET', '/readyz')).status === 200,
    get: async (path) => await must('GET', path),
    async exists(path) {
      const { status, text } = await ask('GET', path)
      if (status === 404) return false
      if (status !== 200) throw new ApiError(status, `GET ${path}: ${status} ${text}`)
      return true
    },
    create: async (path, object) => await must('POST', path, object),
    update: async (path, object) => await must('PUT', path, object),
    merge: async (path, change) => await must('PATCH', path, change, 'merge-patch+json'),
    apply: async (path, object) =>
      await must('PATCH', `${path}?fieldManager=test&force=true`, object, 'apply-patch+yaml'),
    remove: async (path, options) => await must('DELETE', path, options),
    stream: async (path) => await stream(api, { path, certificate }),
  }
}
