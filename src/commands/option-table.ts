import { clientOptions } from './client-options.ts'
import { klogOptions } from './kubelogin-options.ts'
import { networkOptions } from './network-options.ts'
import type { OptionSpec } from './option-spec.ts'

/** Whether the name of a pair `name=value` tells that the value is a secret. */
function isSecretPair(pair: string): boolean {
  const name = pair.slice(0, pair.indexOf('='))
  return /authorization|cookie|secret|passw|token|assertion|credential|api-?key/i.test(name)
}

/** Options that say which provider is meant and how it is reached. */
export const providerOptions: readonly OptionSpec[] = [
  {
    name: 'oidc-issuer-url',
    kind: 'text',
    description: 'issuer URL of the provider (mandatory)',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-id',
    kind: 'text',
    description: 'client id at the provider (mandatory)',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-secret',
    kind: 'text',
    holdsSecret: () => true,
    description: 'client secret; a public client has none',
    group: 'Provider:',
  },
  {
    name: 'oidc-client-secret-file',
    kind: 'text',
    holds: 'files',
    description: 'file with the client secret',
    group: 'Provider:',
  },
  {
    name: 'oidc-request-header',
    kind: 'map',
    holdsSecret: isSecretPair,
    description: 'header that is added to every request to the provider, name=value',
    group: 'Provider:',
  },
  {
    name: 'certificate-authority',
    kind: 'array',
    holds: 'files',
    description: 'file with certificates that are trusted beside those of the system',
    group: 'Provider:',
  },
  {
    name: 'certificate-authority-data',
    kind: 'array',
    description: 'the same as base64 of the file',
    group: 'Provider:',
  },
  {
    name: 'insecure-skip-tls-verify',
    kind: 'flag',
    description: 'do not verify the certificate of the provider [SECURITY RISK]',
    group: 'Provider:',
  },
  {
    name: 'insecure-allow-http',
    kind: 'flag',
    description: 'accept an issuer with plain http on another computer [SECURITY RISK]',
    group: 'Provider:',
  },
  {
    name: 'request-timeout-sec',
    kind: 'seconds',
    byDefault: '15',
    description: 'how long one request to the provider may take',
    group: 'Provider:',
  },
  ...clientOptions,
  ...networkOptions,
]

/** Options that say how the user signs in. */
export const signInOptions: readonly OptionSpec[] = [
  {
    name: 'grant-type',
    kind: 'text',
    choices: [
      'auto',
      'authcode',
      'authcode-keyboard',
      'device-code',
      'password',
      'client-credentials',
      'jwt-bearer',
      'token-exchange',
    ],
    byDefault: 'auto',
    description: 'how to sign in',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-extra-scope',
    kind: 'list',
    description: 'scope that is asked for beside openid',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-use-access-token',
    kind: 'flag',
    description: 'give the access token to the API server in the place of the ID token',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-pkce-method',
    kind: 'text',
    choices: ['auto', 'no', 'S256'],
    byDefault: 'auto',
    description: 'PKCE; auto uses S256 when the provider offers it',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-auth-request-extra-params',
    kind: 'map',
    holdsSecret: isSecretPair,
    description: 'parameter that is added to the authorization request, name=value',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-redirect-url',
    kind: 'text',
    description: 'redirect URI, when it is not http://localhost:PORT',
    group: 'Sign-in:',
  },
  {
    name: 'listen-address',
    kind: 'list',
    byDefault: '127.0.0.1:8000,127.0.0.1:18000',
    description: 'addresses for the callback, tried in order; port 0 takes a free one',
    group: 'Sign-in:',
  },
  {
    name: 'local-server-cert',
    kind: 'text',
    holds: 'files',
    description: 'certificate file of the callback, which then speaks https',
    group: 'Sign-in:',
  },
  {
    name: 'local-server-key',
    kind: 'text',
    holds: 'files',
    description: 'key file of the callback',
    group: 'Sign-in:',
  },
  {
    name: 'skip-open-browser',
    kind: 'flag',
    description: 'only print the URL',
    group: 'Sign-in:',
  },
  {
    name: 'browser-command',
    kind: 'text',
    description:
      'command that is run in the place of the default browser; {url} is replaced by the URL, which else is the last argument',
    group: 'Sign-in:',
  },
  {
    name: 'open-url-after-authentication',
    kind: 'text',
    description: 'where the browser goes after a successful sign-in',
    group: 'Sign-in:',
  },
  {
    name: 'authentication-timeout-sec',
    kind: 'seconds',
    byDefault: '180',
    description: 'how long the user has to sign in',
    group: 'Sign-in:',
  },
]

/** Options that say where sessions are kept. */
export const storeOptions: readonly OptionSpec[] = [
  {
    name: 'profile',
    kind: 'text',
    description: 'a name of your choice that keeps several accounts at one client apart',
    group: 'Session:',
  },
  {
    name: 'token-cache-dir',
    kind: 'text',
    holds: 'folders',
    description:
      'folder of the sessions, default $KUBECACHEDIR/oidc-login or ~/.kube/cache/oidc-login',
    group: 'Session:',
  },
  {
    name: 'token-cache-storage',
    kind: 'text',
    choices: ['disk', 'keyring', 'auto', 'none'],
    byDefault: 'disk',
    description:
      'where sessions are kept; keyring encrypts them with a key in the keychain, auto does so where it works',
    group: 'Session:',
  },
]

/** Options that say when a stored session is used, and how processes wait for each other. */
export const sessionOptions: readonly OptionSpec[] = [
  {
    name: 'force-refresh',
    kind: 'flag',
    description: 'refresh the token even if it has not expired',
    group: 'Session:',
  },
  {
    name: 'lock-timeout-sec',
    kind: 'seconds',
    description:
      'how long to wait for another process that signs in, default 30 more than it may take',
    group: 'Session:',
  },
  {
    name: 'cool-down-sec',
    kind: 'seconds',
    byDefault: '300',
    description: 'how long programs do not repeat a sign-in that failed; doubles with each failure',
    group: 'Session:',
  },
]

/** Options of every command. */
export const commonOptions: readonly OptionSpec[] = [
  ...klogOptions,
  {
    name: 'v',
    short: 'v',
    kind: 'level',
    byDefault: '0',
    description: 'trace on stderr: 1 what happens, 2 each request as well; never a secret',
    group: 'Other:',
  },
]
