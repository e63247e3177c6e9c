import type { DocumentFields } from './imported.ts'
import { fieldAt, itemsAt, type Manifest, textAt } from './manifests.ts'
import { type ImportNote, note } from './note.ts'

/** The way to the API server. */
export interface ImportedUpstream {
  readonly fields: DocumentFields
  readonly notes: readonly ImportNote[]
}

/** Names of the API server inside a cluster: there a pod finds all it needs by itself. */
const inCluster = /^(https:\/\/)?kubernetes(\.default(\.svc(\.cluster\.local)?)?)?(:443)?\/?$/

const mounted = '/etc/oidc-gateway/upstream'

/** Translates Mappings to the API server, and the TLSContexts that they name. */
export function importMappings(manifests: readonly Manifest[]): ImportedUpstream {
  const mappings = manifests.filter(
    ({ kind, spec }) => kind === 'Mapping' && textAt(spec, 'service')?.startsWith('https://'),
  )
  const contexts = manifests.filter(({ kind }) => kind === 'TLSContext')
  const service = mappings.map(({ spec }) => textAt(spec, 'service')).find(Boolean) ?? ''
  const isElsewhere = service !== '' && !inCluster.test(service)
  const server = isElsewhere ? service.replace(/\/+$/, '') : undefined
  return {
    fields: {
      server,
      caFile: isElsewhere ? `${mounted}/ca.crt` : undefined,
      certFile: isElsewhere ? `${mounted}/tls.crt` : undefined,
      keyFile: isElsewhere ? `${mounted}/tls.key` : undefined,
    },
    notes: [...mappings.flatMap(notesOnMapping), ...contexts.flatMap(notesOnContext)],
  }
}

function notesOnMapping({ name, spec }: Manifest): ImportNote[] {
  const at = (field: string): string => `Mapping ${name}: ${field}`
  const notes: ImportNote[] = []
  const upgrades = itemsAt(spec, 'allow_upgrade').map((item) => String(item).toLowerCase())
  if (!upgrades.includes('websocket')) {
    const message =
      'kubectl exec and port-forward by WebSocket were refused. Both WebSocket and SPDY/3.1 are carried now.'
    notes.push(note('weakness', at('allow_upgrade'), message))
  }
  if (fieldAt(spec, 'idle_timeout_ms') !== 0) {
    const message = 'Envoy cut streams that were silent for five minutes. The gateway cuts none.'
    notes.push(note('weakness', at('idle_timeout_ms'), message))
  }
  const prefix = textAt(spec, 'prefix') ?? '/'
  if (prefix !== '/') {
    const message = `The API was below ${prefix}. The gateway serves it at /: correct the kubeconfigs.`
    notes.push(note('dropped', at('prefix'), message))
  }
  return notes
}

function notesOnContext({ name, spec }: Manifest): ImportNote[] {
  const at = (field: string): string => `TLSContext ${name}: ${field}`
  const notes: ImportNote[] = []
  if (textAt(spec, 'ca_secret') === undefined) {
    const message =
      'The API server was not verified: whoever is in between got the credential of the gateway. It is verified now, in a pod with the authority of the cluster.'
    notes.push(note('weakness', at('ca_secret'), message))
  }
  const secret = textAt(spec, 'secret')
  if (secret !== undefined) {
    const message = `The client certificate in the Secret ${secret} cannot be revoked. In a pod the gateway uses its ServiceAccount instead; "oidc-gateway init" gives that the rights. To keep the certificate, mount the Secret at ${mounted} and set upstream.certFile and keyFile.`
    notes.push(note('dropped', at('secret'), message))
  }
  return notes
}
