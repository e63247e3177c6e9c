import { clientSigner } from '../certificate/index.ts'
import type { CertificateRenewal } from '../config/index.ts'
import type { Right } from './right.ts'

/** What a gateway needs that renews its own client certificate. */
export interface RenewalRights {
  /** In the whole cluster: to ask for a certificate and to see what comes of it. */
  readonly cluster: readonly Right[]
  /** In the namespace of its Secret: to read and replace that one, and no other. */
  readonly namespace: readonly Right[]
}

/**
 * The rights beside impersonation of a gateway that renews its own client certificate. Those to approve
 * are among them only where it is to approve by itself: they equal issuing a certificate for any user.
 */
export function renewalRights({ secret, approval }: CertificateRenewal): RenewalRights {
  return {
    cluster: [...requests, ...(approval === 'self' ? approvals : [])],
    // Whoever may patch a Secret is told what it holds, so reading it is nothing more.
    namespace: ['get', 'patch'].map((verb) => ({
      kind: 'resource',
      verb,
      group: '',
      resource: 'secrets',
      name: secret.name,
    })),
  }
}

const group = 'certificates.k8s.io'

/** The list is for `doctor`, which tells what waits for an approval. */
const requests: readonly Right[] = ['create', 'get', 'list'].map((verb) => ({
  kind: 'resource',
  verb,
  group,
  resource: 'certificatesigningrequests',
}))

const approvals: readonly Right[] = [
  { kind: 'resource', verb: 'update', group, resource: 'certificatesigningrequests/approval' },
  { kind: 'resource', verb: 'approve', group, resource: 'signers', name: clientSigner },
]
