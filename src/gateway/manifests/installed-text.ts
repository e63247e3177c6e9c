import { type Document, isMap, isSeq, parseAllDocuments } from 'yaml'
import {
  certificateUser,
  credentialSecretName,
  type Installation,
  podFiles,
} from './installation.ts'

/** A configuration as its author wrote it. */
export interface ConfigurationSource {
  /** Text of the file with the GatewayConfiguration; it may hold both documents. Valid, as loaded. */
  readonly text: string
  /** Text of the file with the AuthenticationConfiguration, when that is another one. */
  readonly authenticationText?: string | undefined
  /** PEM of the authority that `onboarding` names, by a file or itself. */
  readonly onboardingAuthority?: string | undefined
}

/**
 * The text that the pod reads: both documents, with comments and order as they are. Changed is only what
 * the pod has elsewhere than its author: file names, and by what the gateway proves itself to the API
 * server.
 */
export function installedText(
  source: ConfigurationSource,
  installation: Pick<Installation, 'namespace' | 'credential'>,
): string {
  const documents = [source.text, source.authenticationText ?? ''].flatMap((text) =>
    parseAllDocuments(text, { version: '1.1' }).filter((document) => isMap(document.contents)),
  )
  for (const document of documents) {
    if (document.get('kind') === 'GatewayConfiguration') adapt(document, source, installation)
    if (document.directives) document.directives.docStart = null
  }
  return documents
    .map((document) => document.toString({ lineWidth: 0, flowCollectionPadding: false }))
    .join('---\n')
}

function adapt(
  document: Document,
  { onboardingAuthority }: ConfigurationSource,
  { credential, namespace }: Pick<Installation, 'namespace' | 'credential'>,
): void {
  document.delete('authentication')
  document.setIn(['listen', 'certFile'], podFiles.servingCertificate)
  document.setIn(['listen', 'keyFile'], podFiles.servingKey)
  const authorityFile = ['onboarding', 'certificateAuthorityFile']
  if (document.hasIn(authorityFile)) {
    document.deleteIn(authorityFile)
    document.setIn(['onboarding', 'certificateAuthority'], onboardingAuthority)
  }
  adaptUpstream(document, credential.kind)
  adaptRenewal(document, { credential, namespace })
  if (credential.kind === 'certificate') reserve(document, certificateUser(namespace))
}

/** The server stays, when one is named. */
function adaptUpstream(document: Document, kind: Installation['credential']['kind']): void {
  ensureMapping(document, 'upstream')
  for (const field of ['kubeconfig', 'context', 'tokenFile', 'certFile', 'keyFile']) {
    document.deleteIn(['upstream', field])
  }
  const fields = {
    ...(document.hasIn(['upstream', 'server']) ? {} : { server: 'https://kubernetes.default.svc' }),
    caFile: podFiles.clusterAuthority,
    ...(kind === 'token'
      ? { tokenFile: podFiles.token }
      : { certFile: podFiles.clientCertificate, keyFile: podFiles.clientKey }),
  }
  for (const [field, value] of Object.entries(fields)) document.setIn(['upstream', field], value)
}

/** Who approves, and for how long, is the author's; the Secret is the one that is mounted. */
function adaptRenewal(
  document: Document,
  { credential, namespace }: Pick<Installation, 'namespace' | 'credential'>,
): void {
  if (credential.kind !== 'certificate' || !credential.isRenewed) {
    document.deleteIn(['upstream', 'renewal'])
    return
  }
  if (!isMap(document.getIn(['upstream', 'renewal']))) {
    document.setIn(['upstream', 'renewal'], document.createNode({}))
  }
  document.setIn(['upstream', 'renewal', 'secret'], `${namespace}/${credentialSecretName}`)
}

/** A person with the name of the gateway would have its rights. */
function reserve(document: Document, user: string): void {
  ensureMapping(document, 'impersonation')
  const path = ['impersonation', 'reservedUsers']
  const names = document.getIn(path)
  const known: unknown[] = isSeq(names) ? names.toJSON() : []
  if (known.includes(user)) return
  if (known.length > 0) document.addIn(path, user)
  else document.setIn(path, document.createNode([user]))
}

/** Of its own accord the library would make an ordered mapping (`!!omap`), which nobody else reads. */
function ensureMapping(document: Document, field: string): void {
  if (!isMap(document.get(field))) document.set(field, document.createNode({}))
}
