import type { UpstreamAccess } from './access.ts'
import type { Transport } from './request.ts'

/** What `tls.connect` needs to know beside host and port. */
export interface TlsSettings {
  readonly ca: string
  readonly servername?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized: true
  readonly minVersion: 'TLSv1.2'
  readonly ALPNProtocols: string[]
}

/**
 * TLS towards the API server. Everything is said expressly, so that no variable of the environment
 * (`NODE_TLS_REJECT_UNAUTHORIZED`, `NODE_EXTRA_CA_CERTS`) has a say (rule H13). The client certificate
 * is part of no connection that carries a client's own token.
 */
export function tlsSettings(access: UpstreamAccess, transport: Transport): TlsSettings {
  const { credential, serverName } = access
  const isOurs = transport === 'gateway' && credential.kind === 'certificate'
  return {
    ca: access.certificateAuthority,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(isOurs ? { cert: credential.certificate, key: credential.key } : {}),
  }
}
