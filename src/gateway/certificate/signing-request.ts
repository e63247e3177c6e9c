import { randomBytes } from 'node:crypto'

/** The signer whose certificates the API server accepts from clients. Nobody approves for it by default. */
export const clientSigner = 'kubernetes.io/kube-apiserver-client'

/** `metadata.labels` by which requests of gateways are found again. */
export const signingRequestLabels = { 'app.kubernetes.io/managed-by': 'oidc-gateway' } as const

/** What a `CertificateSigningRequest` is made of. */
export interface SigningRequestOptions {
  /** Its name in the cluster, as {@link signingRequestName} makes one. */
  readonly name: string
  /** PEM, as `createKeyAndRequest` gives it. */
  readonly request: string
  /** How long the certificate is to last, in milliseconds; at least ten minutes. */
  readonly validityMs: number
}

/** The object to create (`certificates.k8s.io/v1`). */
export interface SigningRequest {
  readonly apiVersion: 'certificates.k8s.io/v1'
  readonly kind: 'CertificateSigningRequest'
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: {
    readonly request: string
    readonly signerName: string
    readonly expirationSeconds: number
    readonly usages: readonly string[]
  }
}

/**
 * A name that nobody else has: requests of several replicas, and those of yesterday, stand side by side.
 *
 * @param prefix such as `oidc-gateway`
 */
export function signingRequestName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`
}

/** Makes the object that asks the cluster for a client certificate. */
export function signingRequest({
  name,
  request,
  validityMs,
}: SigningRequestOptions): SigningRequest {
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name, labels: signingRequestLabels },
    spec: {
      request: Buffer.from(request, 'utf8').toString('base64'),
      signerName: clientSigner,
      expirationSeconds: Math.floor(validityMs / 1000),
      // The only ones that the signer permits, beside one that is for RSA.
      usages: ['digital signature', 'client auth'],
    },
  }
}

/**
 * The body for `PUT …/approval`: the request as the API server gave it, with the condition that lets the
 * signer go on.
 *
 * @param request as the API server answered, so with its `resourceVersion`
 * @param reason one word, such as `GatewayRenewal`
 */
export function approved(request: object, reason: string, message: string): object {
  const status = Object(Reflect.get(request, 'status'))
  const conditions: unknown = status.conditions
  return {
    ...request,
    status: {
      ...status,
      conditions: [
        ...(Array.isArray(conditions) ? conditions : []),
        { type: 'Approved', status: 'True', reason, message },
      ],
    },
  }
}
