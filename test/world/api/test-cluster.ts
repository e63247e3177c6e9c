import { type ApiServer, type ApiServerOptions, startApiServer } from '../api-server.ts'
import { type Authority, createAuthority } from '../certificates.ts'
import { startTestIssuer, type TestIssuer } from './test-issuer.ts'

/** An API server with an issuer of tokens that it trusts, for the tests of the API server. */
export interface TestCluster {
  readonly api: ApiServer
  readonly authority: Authority
  readonly issuer: TestIssuer
  /** Token of john, who may read services. */
  readonly john: string
  /** Token of jane, who may do everything. */
  readonly jane: string
  stop(): Promise<void>
}

/** Starts both. */
export async function startTestCluster(
  options: Partial<ApiServerOptions> = {},
): Promise<TestCluster> {
  const authority = await createAuthority()
  const issuer = await startTestIssuer(authority)
  const api = await startApiServer({
    authority,
    oidc: {
      issuer: issuer.issuer,
      certificateAuthorityPem: authority.certPem,
      clientId: 'kubernetes',
    },
    ...options,
  })
  return {
    api,
    authority,
    issuer,
    john: await issuer.sign(claimsOf('john', 'developers')),
    jane: await issuer.sign(claimsOf('jane', 'cluster-admins')),
    async stop() {
      await api.stop()
      await issuer.stop()
    },
  }
}

/** The claims of an ID token of a user who is in one group. */
export function claimsOf(username: string, group: string): Readonly<Record<string, unknown>> {
  return { preferred_username: username, groups: [group] }
}
