import type { TokenSettings } from '../config/index.ts'
import type { Identity, UserInfo } from '../identity/index.ts'
import type { ImpersonationPolicy } from '../impersonation/index.ts'
import type { AdmissionRules, HeaderLine, RawRequest } from '../request/index.ts'

/** A user with what a test says of him; John without groups by default. */
export function userInfo(more: Partial<UserInfo> = {}): UserInfo {
  return { username: 'john', uid: '', groups: [], extra: new Map(), ...more }
}

/** An identity whose token lasts. */
export function identity(user: Partial<UserInfo> = {}): Identity {
  return {
    issuer: 'https://sso.example.com',
    user: userInfo(user),
    tokenId: undefined,
    expiresAt: Number.MAX_SAFE_INTEGER,
  }
}

/** The default policy with what a test changes. */
export function policy(more: Partial<ImpersonationPolicy> = {}): ImpersonationPolicy {
  return {
    nested: 'deny',
    sendCredentialId: false,
    allowedReservedGroups: [],
    reservedUsers: [],
    reservedGroups: [],
    maxGroups: 1000,
    maxHeaderBytes: 64 * 1024,
    requireNfc: true,
    ...more,
  }
}

/** The default settings of tokens with what a test changes. */
export function tokenSettings(more: Partial<TokenSettings> = {}): TokenSettings {
  return {
    tokenType: 'id_token',
    signingAlgorithms: ['RS256', 'ES256', 'PS256'],
    authorizedParties: [],
    notBeforeLeewaySeconds: 60,
    maxTokenBytes: 64 * 1024,
    cacheSeconds: 10,
    cacheEntries: 1000,
    serviceAccounts: 'refuse',
    serviceAccountIssuers: [],
    ...more,
  }
}

/** Admission rules that let any host in. */
export const rules: AdmissionRules = { serverNames: [], allowedOrigins: [], maxHeaderCount: 500 }

/** A GET of the services with a bearer token, and what a test changes. */
export function rawRequest(
  more: Partial<RawRequest> = {},
  headers: readonly HeaderLine[] = [],
): RawRequest {
  return {
    method: 'GET',
    target: '/api/v1/namespaces/default/services',
    httpVersion: '1.1',
    headers: [['Host', 'gateway.example.com'], ['Authorization', 'Bearer abc'], ...headers],
    repeatsLines: false,
    ...more,
  }
}
