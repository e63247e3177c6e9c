import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import type { ClientMetadata, Configuration, JWKS, KoaContextWithOIDC } from 'oidc-provider'
import { claimsOf, claimsOfScope, type TestAccount } from './provider-accounts.ts'
import { messagePage, questionPage } from './provider-pages.ts'
import type { ProviderStorage } from './provider-storage.ts'

/** How the provider issues tokens. All of it may be changed while the provider runs. */
export interface TokenPolicy {
  /** Lifetime of ID tokens in seconds. */
  idTokenTtlSec: number
  /** Lifetime of access tokens in seconds. */
  accessTokenTtlSec: number
  /** When a refresh token is issued; `offline_access` means: when that scope is asked for. */
  refreshTokens: 'offline_access' | 'always' | 'never'
  /** Whether a refresh token is good for one use only. */
  rotateRefreshTokens: boolean
}

/** What oidc-provider is configured from. */
export interface ConfigurationParts {
  readonly policy: TokenPolicy
  readonly storage: ProviderStorage
  readonly accounts: readonly TestAccount[]
  readonly clients: readonly ClientMetadata[]
  readonly pushedAuthorizationRequests: boolean
}

const daySec = 24 * 60 * 60

/** Makes the configuration of oidc-provider, with new signing keys. */
export async function createConfiguration(parts: ConfigurationParts): Promise<Configuration> {
  const { policy, storage, accounts } = parts
  return {
    adapter: (kind) => storage.adapter(kind),
    clients: parts.clients.map((client) => ({ ...client })),
    jwks: await createKeys(),
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: Object.keys(claimsOfScope).concat('offline_access'),
    claims: { ...claimsOfScope },
    // The ID token itself carries the claims: it is all that Kubernetes gets to see.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: () => false,
    findAccount: (_, sub) => {
      const account = accounts.find((candidate) => candidate.sub === sub)
      return account && { accountId: sub, claims: () => claimsOf(account) }
    },
    issueRefreshToken: (_, client, source) => {
      if (policy.refreshTokens === 'never' || !client.grantTypeAllowed('refresh_token'))
        return false
      return policy.refreshTokens === 'always' || source.scopes.has('offline_access')
    },
    rotateRefreshToken: () => policy.rotateRefreshTokens,
    // A session of the provider ends when a test says so, not with the cookie of its login form.
    expiresWithSession: () => false,
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: () => policy.accessTokenTtlSec,
      AuthorizationCode: 60,
      ClientCredentials: () => policy.accessTokenTtlSec,
      DeviceCode: 600,
      Grant: 14 * daySec,
      IdToken: () => policy.idTokenTtlSec,
      Interaction: 600,
      RefreshToken: 14 * daySec,
      Session: 14 * daySec,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: parts.pushedAuthorizationRequests },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => isOwn(client, token) },
      rpInitiatedLogout: { enabled: true, ...logoutPages },
      deviceFlow: { enabled: true, ...devicePages },
    },
    renderError: (ctx, out) => {
      const text = [out.error, out.error_description].filter(Boolean).join(': ')
      show(ctx, messagePage('Something went wrong', text))
    },
  }
}

async function createKeys(): Promise<JWKS> {
  const keys = ['RS256', 'ES256'].map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    const kid = randomBytes(8).toString('hex')
    return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' }
  })
  return { keys: await Promise.all(keys) }
}

function isOwn(client: { clientId: string }, token: { clientId?: string | undefined }): boolean {
  return token.clientId === client.clientId
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html'
  ctx.body = html
}

const logoutPages = {
  logoutSource(ctx: KoaContextWithOIDC, form: string): void {
    const title = 'Sign out'
    const text = 'Do you want to end your session?'
    const yes = { label: 'Sign out', field: { name: 'logout', value: 'yes' } }
    show(ctx, questionPage({ title, text, form, buttons: [yes, { label: 'Stay signed in' }] }))
  },
  postLogoutSuccessSource(ctx: KoaContextWithOIDC): void {
    show(ctx, messagePage('Signed out', 'Your session has ended. You can close this page.'))
  },
}

const devicePages = {
  userCodeInputSource(ctx: KoaContextWithOIDC, form: string, _out?: unknown, error?: Error): void {
    const isWrong = error !== undefined
    const text = isWrong
      ? 'This code is not valid. Try again.'
      : 'Enter the code that you were shown.'
    const question = { title: 'Connect a device', text, form, buttons: [{ label: 'Continue' }] }
    const isCancelled = error?.name === 'AbortedError'
    const cancelled = messagePage('Cancelled', 'Your device was not connected.')
    show(ctx, isCancelled ? cancelled : questionPage(question))
  },
  userCodeConfirmSource(
    ctx: KoaContextWithOIDC,
    form: string,
    _client: unknown,
    _device: unknown,
    userCode: string,
  ): void {
    const text = `Does your device show the code ${userCode}?`
    const no = { label: 'Cancel', field: { name: 'abort', value: 'yes' } }
    const buttons = [{ label: 'Yes, continue' }, no]
    show(ctx, questionPage({ title: 'Connect a device', text, form, buttons }))
  },
  successSource(ctx: KoaContextWithOIDC): void {
    show(ctx, messagePage('Signed in', 'Your device is connected. You can close this page.'))
  },
}
