/** A command of int128/kubelogin; `root` is its call without a command. */
export type KubeloginCommand = 'root' | 'get-token' | 'setup' | 'clean'

/** A flag of int128/kubelogin 1.36. */
export interface KubeloginFlag {
  /** Long name without dashes. */
  readonly name: string
  readonly commands: readonly KubeloginCommand[]
}

const both = ['get-token', 'setup'] as const
const all = ['get-token', 'setup', 'root'] as const
const everywhere = ['get-token', 'setup', 'clean', 'root'] as const

const commandsOf: Readonly<Record<string, readonly KubeloginCommand[]>> = {
  'oidc-issuer-url': both,
  'oidc-client-id': both,
  'oidc-client-secret': both,
  'oidc-redirect-url': both,
  'oidc-extra-scope': both,
  'oidc-use-access-token': both,
  'oidc-request-header': both,
  'oidc-pkce-method': both,
  'oidc-use-pkce': both,
  'force-refresh': ['get-token'],
  'token-cache-dir': ['get-token', 'clean'],
  'token-cache-storage': ['get-token'],
  'certificate-authority': all,
  'certificate-authority-data': all,
  'insecure-skip-tls-verify': all,
  'tls-renegotiation-once': all,
  'tls-renegotiation-freely': all,
  'grant-type': all,
  'listen-address': all,
  'skip-open-browser': all,
  'browser-command': all,
  'authentication-timeout-sec': all,
  'local-server-cert': all,
  'local-server-key': all,
  'open-url-after-authentication': all,
  'oidc-auth-request-extra-params': all,
  username: all,
  password: all,
  kubeconfig: ['root'],
  context: ['root'],
  user: ['root'],
  version: ['root'],
  help: everywhere,
  v: everywhere,
  add_dir_header: everywhere,
  alsologtostderr: everywhere,
  log_backtrace_at: everywhere,
  log_dir: everywhere,
  log_file: everywhere,
  log_file_max_size: everywhere,
  logtostderr: everywhere,
  one_output: everywhere,
  skip_headers: everywhere,
  skip_log_headers: everywhere,
  stderrthreshold: everywhere,
  vmodule: everywhere,
}

/** Every flag of int128/kubelogin 1.36, and the commands that have it. */
export const kubeloginFlags: readonly KubeloginFlag[] = Object.entries(commandsOf).map(
  ([name, commands]) => ({ name, commands }),
)
