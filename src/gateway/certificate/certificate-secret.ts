/** What goes into the Secret of a client certificate. */
export interface CertificateSecretOptions {
  readonly namespace: string
  readonly name: string
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  /** When the certificate ends, in milliseconds since the epoch. */
  readonly notAfter: number
  /** The request that it came from. */
  readonly requestName: string
}

/** A `v1` Secret of the type `kubernetes.io/tls`. */
export interface CertificateSecret {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: {
    readonly namespace: string
    readonly name: string
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly type: 'kubernetes.io/tls'
  readonly data: { readonly 'tls.crt': string; readonly 'tls.key': string }
}

/**
 * Makes the Secret, for server-side apply. It holds only what a renewal changes, so that who applies it
 * owns nothing else: labels belong to whoever has installed the gateway.
 */
export function certificateSecret(options: CertificateSecretOptions): CertificateSecret {
  const { namespace, name, certificate, key, notAfter, requestName } = options
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace,
      name,
      annotations: {
        'oidc-gateway/not-after': new Date(notAfter).toISOString(),
        'oidc-gateway/signing-request': requestName,
      },
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': encoded(certificate), 'tls.key': encoded(key) },
  }
}

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
