import type { System } from '../../system/index.ts'
import { certificateSecret, clientSigner } from '../certificate/index.ts'
import {
  type ClusterClient,
  nameOf,
  type ObjectName,
  type OperatorAccess,
} from '../cluster/index.ts'
import { certificateUser, credentialSecretName, gatewayName, labels } from '../manifests/index.ts'
import type { UpstreamAccess } from '../upstream/index.ts'
import { obtainCertificate } from './client-certificate.ts'
import { keptFiles, writeCredential } from './credential-files.ts'
import { isStillGood, type KeptCertificate } from './kept-certificate.ts'
import { tokenOfAccount } from './mode.ts'
import { rightOn } from './needed-rights.ts'
import { requestPrefix } from './objects-of.ts'
import { missingRights, type NeededRight } from './rights-preflight.ts'
import { textIn } from './serving-certificate.ts'
import type { InitSettings } from './settings.ts'

/** What there is already of the credential of a gateway. */
export type CredentialState =
  /** kubelet gives the pods their tokens. */
  | { readonly kind: 'mounted' }
  /** A token is asked for at each run and written to a file. */
  | { readonly kind: 'token-file'; readonly folder: string }
  /** The certificate of an earlier run is good. */
  | { readonly kind: 'kept'; readonly pair: KeptCertificate }
  /** A certificate is to be asked for, for a folder or for the Secret. */
  | { readonly kind: 'wanted'; readonly folder: string | undefined }

/** The Secret of the client certificate. */
export function credentialSecret(namespace: string): ObjectName {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: credentialSecretName, namespace } }
}

/** Looks what there is. @throws OidcLoginError `cluster_refused` */
export async function credentialState(
  system: Pick<System, 'files' | 'clock'>,
  client: ClusterClient,
  { installation, credentialFolder: folder }: InitSettings,
): Promise<CredentialState> {
  const { namespace, credential } = installation
  if (credential.kind === 'token') {
    return folder === undefined ? { kind: 'mounted' } : { kind: 'token-file', folder }
  }
  const pair =
    folder === undefined ? await keptSecret(client, namespace) : keptFiles(system, folder)
  const isGood = pair && isStillGood(pair, certificateUser(namespace), system.clock.now())
  return isGood ? { kind: 'kept', pair } : { kind: 'wanted', folder }
}

async function keptSecret(
  client: ClusterClient,
  namespace: string,
): Promise<KeptCertificate | undefined> {
  const secret = await client.get(credentialSecret(namespace))
  const certificate = secret && textIn(secret, 'tls.crt')
  const key = secret && textIn(secret, 'tls.key')
  return certificate && key ? { certificate, key } : undefined
}

/** What the operator needs for it. */
export function credentialRights(
  state: CredentialState,
  { installation: { namespace }, certificate }: InitSettings,
): readonly NeededRight[] {
  if (state.kind === 'token-file') return [tokenRight(namespace)]
  if (state.kind !== 'wanted') return []
  const requests = (verb: string, resource = 'certificatesigningrequests'): NeededRight => ({
    right: { kind: 'resource', verb, group: 'certificates.k8s.io', resource },
  })
  const secret = credentialSecret(namespace)
  return [
    ...['create', 'get', 'list', 'delete'].map((verb) => requests(verb)),
    ...(certificate.approves
      ? [
          requests('update', 'certificatesigningrequests/approval'),
          {
            right: {
              kind: 'resource' as const,
              verb: 'approve',
              group: 'certificates.k8s.io',
              resource: 'signers',
              name: clientSigner,
            },
          },
        ]
      : []),
    ...(state.folder === undefined ? [rightOn('patch', secret), rightOn('create', secret)] : []),
  ]
}

/**
 * Gets the credential, and puts it where the gateway finds it.
 *
 * @returns what the gateway will show to the API server; undefined when the operator may not have it
 * @throws OidcLoginError `certificate_denied`, `certificate_not_issued`, `file_unwritable`,
 *   `cluster_refused`
 */
export async function provideCredential(
  system: System,
  client: ClusterClient,
  access: OperatorAccess,
  settings: InitSettings,
  state: CredentialState,
): Promise<UpstreamAccess['credential'] | undefined> {
  const { namespace } = settings.installation
  const account = { namespace, name: gatewayName }
  const tell = (line: string): void => system.terminal.stderr(line)
  switch (state.kind) {
    case 'mounted': {
      if ((await missingRights(client, [tokenRight(namespace)])).length > 0) return undefined
      // For the checks only: it ends by itself in ten minutes.
      return { kind: 'token', token: await tokenOfAccount(client, account, 600) }
    }
    case 'token-file': {
      const token = await tokenOfAccount(client, account, settings.certificate.validityMs / 1000)
      writeCredential(system, access, state.folder, { kind: 'token', token }, tell)
      return { kind: 'token', token }
    }
    case 'kept':
      tell('unchanged  the client certificate, which is good for more than a third of its life')
      return { kind: 'certificate', ...state.pair }
    case 'wanted':
      return await provideCertificate(system, client, access, settings, state.folder)
  }
}

async function provideCertificate(
  system: System,
  client: ClusterClient,
  access: OperatorAccess,
  settings: InitSettings,
  folder: string | undefined,
): Promise<UpstreamAccess['credential']> {
  const { namespace } = settings.installation
  const tell = (line: string): void => system.terminal.stderr(line)
  const prefix = requestPrefix(namespace)
  const order = {
    ...settings.certificate,
    commonName: certificateUser(namespace),
    prefix,
    timeoutMs: settings.timeoutMs,
  }
  const { certificate, key, notAfter, request } = await obtainCertificate(
    system,
    client,
    order,
    tell,
  )
  const credential = { kind: 'certificate', certificate, key } as const
  if (folder !== undefined) {
    writeCredential(system, access, folder, credential, tell)
  } else {
    const { name } = credentialSecret(namespace).metadata
    const requestName = request.metadata.name
    const secret = certificateSecret({ namespace, name, certificate, key, notAfter, requestName })
    // Whoever has renewed it before holds these fields.
    await client.apply({ ...secret, metadata: { ...secret.metadata, labels } }, { force: true })
    tell(`applied    ${nameOf(secret)}`)
  }
  await client.remove(request)
  return credential
}

function tokenRight(namespace: string): NeededRight {
  return {
    right: {
      kind: 'resource',
      verb: 'create',
      group: '',
      resource: 'serviceaccounts/token',
      name: gatewayName,
    },
    namespace,
  }
}
