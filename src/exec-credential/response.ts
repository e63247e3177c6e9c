import type { ExecApiVersion } from './request.ts'

/** A bearer token and the moment at which kubectl should ask again. */
export interface Credential {
  /** The bearer token for the API server. */
  readonly token: string
  /** Milliseconds since the epoch; kubectl calls the plugin again afterwards. */
  readonly refreshAt: number
}

/**
 * The one line that an exec plugin prints: an ExecCredential
 * (https://kubernetes.io/docs/reference/config-api/client-authentication.v1/).
 */
export function formatExecCredential(apiVersion: ExecApiVersion, credential: Credential): string {
  // Kubernetes' metav1.Time has whole seconds; rounding down makes kubectl ask early, never late.
  const expiry = new Date(credential.refreshAt - (credential.refreshAt % 1000))
  const response = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false },
    status: {
      expirationTimestamp: expiry.toISOString().replace('.000Z', 'Z'),
      token: credential.token,
    },
  }
  return `${JSON.stringify(response)}\n`
}
