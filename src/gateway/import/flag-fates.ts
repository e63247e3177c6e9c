import type { ImportNote } from './note.ts'

/** What becomes of a flag that is not translated. */
export interface FlagFate {
  readonly kind: ImportNote['kind']
  readonly message: string
}

const tls = 'The gateway speaks TLS 1.2 and 1.3 with the ciphers of Node.js.'
const auditElsewhere =
  'The gateway writes one line a request; send them on with the log collector of the cluster.'

/** Flags of kube-oidc-proxy without a counterpart, and what happens instead. */
export const flagFates: ReadonlyMap<string, FlagFate> = new Map<string, FlagFate>([
  ['flush-interval', fate('Every byte is passed on at once.')],
  ['kube-client-qps', fate('Reviews are not throttled; they run in parallel, with one deadline.')],
  [
    'kube-client-burst',
    fate('Reviews are not throttled; they run in parallel, with one deadline.'),
  ],
  ['cert-dir', todo('Name the serving certificate in listen.certFile and listen.keyFile.')],
  ['tls-sni-cert-key', fate('There is one serving certificate.')],
  ['tls-cipher-suites', fate(tls)],
  ['tls-min-version', fate(tls)],
  ['tls-curve-preferences', fate(tls)],
  ['http2-max-streams-per-connection', fate('Clients are served by HTTP/1.1.')],
  ['disable-http2-serving', fate('Clients are served by HTTP/1.1.')],
  ['audit-policy-file', fate('Every request is a line; there are no levels.')],
  ['audit-log-format', fate('Lines are JSON.')],
  ['audit-log-maxage', fate('Old files are removed by number: audit.keepFiles.')],
  ['audit-webhook-config-file', fate(auditElsewhere)],
  ['audit-webhook-mode', fate(auditElsewhere)],
  ['token', todo('A token on a command line can be read by everybody. Use upstream.tokenFile.')],
  ['namespace', fate('Nothing of the gateway is bound to a namespace.')],
  ['user', todo('Choose a context of the kubeconfig in upstream.context.')],
  ['cluster', todo('Choose a context of the kubeconfig in upstream.context.')],
  ['as-uid', fate('The gateway acts as itself.')],
  ['request-timeout', fate('Running requests have no deadline.')],
  ['oidc-tls-client-cert-file', fate('Providers publish their keys to everybody.')],
  ['oidc-tls-client-key-file', fate('Providers publish their keys to everybody.')],
  ['token-passthrough-cache-success-ttl', fate('ServiceAccount tokens are not reviewed here.')],
  ['token-passthrough-cache-failure-ttl', fate('ServiceAccount tokens are not reviewed here.')],
  ['subject-access-review-timeout', fate('All reviews of a request have five seconds together.')],
  ['metrics-bind-address', fate('Metrics are at /metrics of operations.port.')],
  [
    'insecure-skip-tls-verify',
    weakness(
      'The API server was not verified: whoever is in between got the credential. It is now; name its authority in upstream.caFile.',
    ),
  ],
  [
    'disable-impersonation',
    todo(
      'Tokens are never passed on to the API server; it would have to trust the provider itself.',
    ),
  ],
  [
    'token-passthrough-audiences',
    fate(
      'ServiceAccount tokens are passed on as they are, and the API server checks their audience.',
    ),
  ],
  [
    'extra-user-headers',
    todo(
      'Write each as an item of claimMappings.extra: a key such as example.com/team, and a constant as the expression.',
    ),
  ],
  [
    'extra-user-header-client-ip',
    weakness(
      'The address came from X-Forwarded-For, which every client can write. It stands in the audit log now, and only listen.trustedProxies are believed.',
    ),
  ],
])

function fate(message: string): FlagFate {
  return { kind: 'dropped', message }
}

function todo(message: string): FlagFate {
  return { kind: 'todo', message }
}

function weakness(message: string): FlagFate {
  return { kind: 'weakness', message }
}
