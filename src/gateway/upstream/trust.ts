import { createSecureContext, type SecureContext } from 'node:tls'
import type { UpstreamAccess } from './access.ts'
import type { Transport } from './request.ts'

/** What `tls.connect` needs to know beside host, port and protocols. */
export interface TlsSettings {
  readonly secureContext: SecureContext
  readonly servername?: string
  readonly rejectUnauthorized: true
}

/**
 * TLS towards the API server. Everything is said expressly, so that no variable of the environment
 * (`NODE_TLS_REJECT_UNAUTHORIZED`, `NODE_EXTRA_CA_CERTS`) has a say (rule H13).
 */
export function tlsSettings(access: UpstreamAccess, transport: Transport): TlsSettings {
  const { serverName } = access
  return {
    secureContext: secureContext(access, transport),
    rejectUnauthorized: true,
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}

/**
 * OpenSSL's side of it. Reading the certificates again for every connection would take a quarter of the
 * memory and of the processor time of each. A context belongs to one access, so that another certificate
 * or authority never meets an old one, and goes with it.
 */
const contexts: Readonly<Record<Transport, WeakMap<UpstreamAccess, SecureContext>>> = {
  gateway: new WeakMap(),
  client: new WeakMap(),
}

function secureContext(access: UpstreamAccess, transport: Transport): SecureContext {
  const existing = contexts[transport].get(access)
  if (existing) return existing
  const { certificateAuthority: ca, credential } = access
  // The client certificate is part of no connection that carries a client's own token.
  const isOurs = transport === 'gateway' && credential.kind === 'certificate'
  const context = createSecureContext({
    ca,
    minVersion: 'TLSv1.2',
    ...(isOurs ? { cert: credential.certificate, key: credential.key } : {}),
  })
  contexts[transport].set(access, context)
  return context
}
