import { type Document, isMap, parseAllDocuments } from 'yaml'

/** What a pod would have of its own in a container: files, an address, the names of the cluster. */
export interface PodPlace {
  /** Folder that is in the place of the root of its files. */
  readonly root: string
  /** Address of the pod in 127.0.0.0/8. */
  readonly address: string
  /** URL of the API server. */
  readonly server: string
}

/** Below this folder a pod of the gateway has all its files. */
const ownFolder = '/etc/oidc-gateway'

/** A text in which the names of files and of the API server mean on this computer what they mean in a pod. */
export function adaptText(text: string, { root, server }: PodPlace): string {
  return text
    .replaceAll(ownFolder, root + ownFolder)
    .replaceAll('https://kubernetes.default.svc', server)
}

/**
 * A file of a ConfigMap, likewise. All pods share the network of this computer, so a gateway that would
 * listen at every address listens at its own.
 */
export function adaptFile(text: string, place: PodPlace): string {
  const adapted = adaptText(text, place)
  if (!adapted.includes('kind: GatewayConfiguration')) return adapted
  const documents: Document[] = parseAllDocuments(adapted)
  for (const document of documents) {
    if (document.directives) document.directives.docStart = null
    if (document.get('kind') !== 'GatewayConfiguration') continue
    for (const field of ['listen', 'operations']) {
      if (!isMap(document.get(field))) document.set(field, document.createNode({}))
      document.setIn([field, 'host'], place.address)
    }
  }
  return documents.map(String).join('---\n')
}
