import { flagFates } from './flag-fates.ts'
import { type Flags, isOn, readFlags, valueFor, valuesFor } from './flags.ts'
import { type DocumentFields, type Imported, writeDocuments } from './imported.ts'
import { type ImportNote, note } from './note.ts'
import { type FlagOwner, importIssuer } from './proxy-issuer.ts'

/**
 * Translates the flags of kube-oidc-proxy (and of its forks), or the `--oidc-*` flags of
 * kube-apiserver.
 *
 * @param readText reads a file that a flag names; undefined when it cannot
 * @throws OidcLoginError `usage_invalid` when they are no flags
 */
export function importFlags(
  args: readonly string[],
  owner: FlagOwner,
  readText: (path: string) => string | undefined,
): Imported {
  const flags = readFlags(args)
  const authentication = valueFor(flags, 'authentication-config')
  const issuer = authentication === undefined ? importIssuer(flags, owner, readText) : undefined
  return {
    text: writeDocuments(gatewayFields(flags, authentication), issuer && [issuer.jwt]),
    notes: [...(issuer?.notes ?? []), ...[...flags.keys()].flatMap((name) => fateOf(name))],
  }
}

function gatewayFields(flags: Flags, authentication: string | undefined): DocumentFields {
  const port = valueFor(flags, 'secure-port')
  const probes = valueFor(flags, 'readiness-probe-port')
  const kubeconfig = valueFor(flags, 'kubeconfig')
  return {
    authentication,
    listen: {
      host: valueFor(flags, 'bind-address'),
      port: Number(port ?? 6443),
      certFile: valueFor(flags, 'tls-cert-file') ?? '/etc/oidc-gateway/tls.crt',
      keyFile: valueFor(flags, 'tls-private-key-file') ?? '/etc/oidc-gateway/tls.key',
      trustedProxies: valuesFor(flags, 'trusted-proxies'),
    },
    upstream: kubeconfig
      ? { kubeconfig, context: valueFor(flags, 'context') }
      : {
          server: valueFor(flags, 'server'),
          caFile: valueFor(flags, 'certificate-authority'),
          serverName: valueFor(flags, 'tls-server-name'),
          certFile: valueFor(flags, 'client-certificate'),
          keyFile: valueFor(flags, 'client-key'),
        },
    tokens: {
      signingAlgorithms: signingAlgorithms(flags),
      serviceAccounts: isOn(flags, 'token-passthrough') ? 'passthrough' : undefined,
    },
    impersonation: { allowedReservedGroups: valuesFor(flags, 'allow-reserved-groups') },
    audit: auditFields(flags),
    operations: {
      port: probes === undefined ? undefined : Number(probes),
      requireAllIssuers: isOn(flags, 'readiness-require-all-issuers') ? true : undefined,
    },
  }
}

/** Both programs accept RS256 alone unless they are told otherwise; with a file, all of them. */
function signingAlgorithms(flags: Flags): readonly string[] {
  const given = valuesFor(flags, 'oidc-signing-algs')
  if (given.length > 0) return given
  return flags.has('oidc-issuer-url') ? ['RS256'] : []
}

function auditFields(flags: Flags): DocumentFields {
  const path = valueFor(flags, 'audit-log-path')
  if (path === undefined || path === '-') return {}
  const megabytes = valueFor(flags, 'audit-log-maxsize')
  const kept = valueFor(flags, 'audit-log-maxbackup')
  return {
    sink: 'file',
    file: path,
    maxFileSize: megabytes === undefined ? undefined : `${megabytes}MiB`,
    keepFiles: kept === undefined ? undefined : Number(kept),
  }
}

const translated = new Set(
  'authentication-config oidc-issuer-url oidc-client-id oidc-ca-file oidc-username-claim oidc-username-prefix oidc-groups-claim oidc-groups-prefix oidc-signing-algs oidc-required-claim secure-port bind-address tls-cert-file tls-private-key-file trusted-proxies kubeconfig context server certificate-authority tls-server-name client-certificate client-key token-passthrough allow-reserved-groups readiness-probe-port readiness-require-all-issuers audit-log-path audit-log-maxsize audit-log-maxbackup'.split(
    ' ',
  ),
)

function fateOf(name: string): ImportNote[] {
  if (translated.has(name)) return []
  const { kind, message } = flagFates.get(name) ?? {
    kind: 'dropped',
    message: 'The gateway has nothing of this kind.',
  }
  return [note(kind, `--${name}`, message)]
}
