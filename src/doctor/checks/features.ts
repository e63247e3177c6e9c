import type { Provider } from '../../provider/index.ts'
import { type Check, noProvider } from '../check.ts'

/** Whether the provider offers what makes signing in safe and rare. */
export const featuresCheck: Check = {
  name: 'features',
  needs: ['discovery'],
  async run({ provider, discover }) {
    if (provider === undefined) return noProvider
    const discovery = await discover(provider)
    if (discovery.kind === 'failed') throw discovery.error
    const { metadata } = discovery.provider
    const offered = features.filter((feature) => feature.isOffered(metadata))
    const missing = features.filter((feature) => !feature.isOffered(metadata))
    const list = offered.map(({ name }) => name).join(', ')
    const message = list === '' ? 'It offers nothing beside signing in.' : `It offers ${list}.`
    const weighty = missing.filter(({ isOptional }) => !isOptional)
    const without = missing.map(({ name, otherwise }) => `No ${name}: ${otherwise}.`).join(' ')
    if (weighty.length === 0) {
      return { verdict: 'ok', message: `${message} ${without}`.trim() }
    }
    return {
      verdict: 'warning',
      message: `${message} ${without}`,
      remedy: weighty.map(({ remedy }) => remedy).join(' '),
    }
  },
}

type Metadata = Provider['metadata']

interface Feature {
  readonly name: string
  isOffered(metadata: Metadata): boolean
  /** What it means when the feature is missing: a clause. */
  readonly otherwise: string
  readonly isOptional: boolean
  readonly remedy: string
}

const features: readonly Feature[] = [
  {
    name: 'PKCE with S256',
    isOffered: ({ code_challenge_methods_supported: methods }) =>
      methods?.includes('S256') === true,
    otherwise: 'the sign-in does without, unless --oidc-pkce-method=S256 is given',
    isOptional: false,
    remedy:
      'Some providers support PKCE without saying so (Entra ID): give --oidc-pkce-method=S256.',
  },
  {
    name: 'refresh tokens',
    // Without the list nothing is known, except where the scope for it is named.
    isOffered: ({ grant_types_supported: types, scopes_supported: scopes }) =>
      types?.includes('refresh_token') ??
      (scopes === undefined || scopes.includes('offline_access')),
    otherwise: 'the browser is needed whenever a token ends',
    isOptional: false,
    remedy: 'Allow the grant type refresh_token at the provider.',
  },
  {
    name: 'revocation',
    isOffered: ({ revocation_endpoint: endpoint }) => endpoint !== undefined,
    otherwise: 'logout cannot end a refresh token there',
    isOptional: true,
    remedy: '',
  },
  {
    name: 'sign-out in the browser',
    isOffered: ({ end_session_endpoint: endpoint }) => endpoint !== undefined,
    otherwise: 'logout leaves the session of the browser',
    isOptional: true,
    remedy: '',
  },
  {
    name: 'device code',
    isOffered: ({ device_authorization_endpoint: endpoint }) => endpoint !== undefined,
    otherwise: 'there is no sign-in from another device',
    isOptional: true,
    remedy: '',
  },
]
