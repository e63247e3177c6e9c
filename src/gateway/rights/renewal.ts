import type { Right } from './right.ts'

/** What a gateway needs that renews its own client certificate. */
export interface RenewalRights {
  /** In the whole cluster: to ask for a certificate and to see what comes of it; not to approve it. */
  readonly cluster: readonly Right[]
  /** In its namespace: to replace the Secret that it was given, and no other. */
  readonly namespace: readonly Right[]
}

/**
 * The rights beside impersonation of a gateway that renews its own client certificate.
 *
 * @param secret name of the Secret with certificate and key
 */
export function renewalRights(secret: string): RenewalRights {
  return {
    cluster: ['create', 'get', 'watch'].map((verb) => ({
      kind: 'resource',
      verb,
      group: 'certificates.k8s.io',
      resource: 'certificatesigningrequests',
    })),
    namespace: [{ kind: 'resource', verb: 'patch', group: '', resource: 'secrets', name: secret }],
  }
}
