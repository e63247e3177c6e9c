import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import { nodeSystem } from '../../src/system/index.ts'
import { signInThroughForm } from './login-driver.ts'
import { jane, john } from './provider-accounts.ts'
import { urlOf } from './provider-requests.ts'
import { startLoopbackServer } from './provider-server.ts'

/** What {@link signIn} asks for. */
export interface SignInRequest {
  /** Scopes, separated by spaces. */
  readonly scope?: string
  /** Who signs in. */
  readonly username?: 'john' | 'jane'
  /** Whether Cancel is pressed. */
  readonly cancel?: boolean
  /** Certificate authority of the provider. */
  readonly ca?: string
}

/** What the token endpoint answers. */
export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers

/**
 * Discovers a provider with openid-client, which is independent of the provider's own code. The
 * signature of ID tokens is verified.
 *
 * @param ca certificate authority of the provider
 */
export async function connectTo(
  issuer: string,
  ca: string | undefined,
  clientId = 'kubernetes',
  authentication = None(),
): Promise<Configuration> {
  const isPlain = issuer.startsWith('http:')
  return await discovery(new URL(issuer), clientId, {}, authentication, {
    [customFetch]: fetchTrusting(ca),
    execute: [enableNonRepudiationChecks, ...(isPlain ? [allowInsecureRequests] : [])],
  })
}

/** Signs in with the authorization code flow and PKCE; the redirect goes to a free port. */
export async function signIn(client: Configuration, request: SignInRequest = {}): Promise<Tokens> {
  const { scope = 'openid profile email groups offline_access', cancel = false, ca } = request
  const received: URL[] = []
  const listener = await startLoopbackServer(async (incoming, response) => {
    received.push(urlOf(incoming))
    response.end('<p>You can close this page.</p>')
  })
  try {
    // With a path, because openid-client would add a slash to a bare origin.
    const redirectUri = `${listener.origin}/callback`
    const pkceCodeVerifier = randomPKCECodeVerifier()
    const expectedState = randomState()
    const expectedNonce = randomNonce()
    const url = buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope,
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const { username, password } = request.username === 'jane' ? jane : john
    const person = { username, password, cancel, ...(ca === undefined ? {} : { ca }) }
    await signInThroughForm(url.href, person)
    const [answer] = received
    if (!answer) throw new Error('the provider did not redirect')
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
    return await authorizationCodeGrant(client, new URL(redirectUri + answer.search), checks)
  } finally {
    await listener.stop()
  }
}

function fetchTrusting(ca: string | undefined): CustomFetch {
  const { http } = nodeSystem(new AbortController().signal)
  const certificateAuthorities = ca === undefined ? [] : [ca]
  const send = http.connect({ certificateAuthorities, timeoutMs: 30_000 })
  return async (url, { method, headers, body }) => {
    const isText = typeof body === 'string' || body instanceof URLSearchParams
    return await send(url, { method, headers, body: isText ? body : undefined })
  }
}
