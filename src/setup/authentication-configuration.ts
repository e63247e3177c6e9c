import { Document, isMap, isScalar } from 'yaml'
import type { IdentityMapping } from './identity-mapping.ts'

/** Which tokens an API server is to accept, and whom it sees in them. */
export interface ApiServerTrust {
  /** Issuer URL, https. */
  readonly issuer: string
  /** At least one. */
  readonly audiences: readonly string[]
  /** PEM certificates that the provider's certificate is checked with; without any, the system's. */
  readonly certificateAuthorities: readonly string[]
  readonly mapping: IdentityMapping
}

/**
 * The `AuthenticationConfiguration` (`apiserver.config.k8s.io/v1`, Kubernetes 1.34; before, since
 * 1.30, the same as `v1beta1`) for `kube-apiserver --authentication-config`, as YAML with comments.
 */
export function authenticationConfiguration(trust: ApiServerTrust): string {
  const { issuer, audiences, certificateAuthorities, mapping } = trust
  const document = new Document({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: {
          url: issuer,
          audiences,
          ...(audiences.length > 1 ? { audienceMatchPolicy: 'MatchAny' } : {}),
          ...(certificateAuthorities.length > 0
            ? { certificateAuthority: certificateAuthorities.map(oneLineBreak).join('') }
            : {}),
        },
        claimMappings: {
          username: mapping.username,
          ...(mapping.groups ? { groups: mapping.groups } : {}),
        },
        userValidationRules,
      },
    ],
  })
  document.commentBefore =
    ' Kubernetes 1.34 or newer. From 1.30 to 1.33 write apiVersion: apiserver.config.k8s.io/v1beta1.'
  comment(document, ['jwt', 0, 'issuer', 'audiences'], audienceComment(trust))
  comment(document, ['jwt', 0, 'claimMappings', 'username'], usernameComment(mapping))
  comment(document, ['jwt', 0, 'userValidationRules'], rulesComment)
  return document.toString({ lineWidth: 0 })
}

/**
 * The same for an API server that takes no such file: flags of kube-apiserver, which also need the
 * file of a private authority.
 */
export function oidcFlags({
  issuer,
  audiences,
  certificateAuthorities,
  mapping,
}: ApiServerTrust): string[] {
  const { username, groups } = mapping
  return [
    `--oidc-issuer-url=${issuer}`,
    `--oidc-client-id=${audiences[0] ?? ''}`,
    `--oidc-username-claim=${username.claim}`,
    // "-" is how no prefix is written; empty would mean one that is made of the issuer.
    `--oidc-username-prefix=${username.prefix || '-'}`,
    ...(groups
      ? [`--oidc-groups-claim=${groups.claim}`, `--oidc-groups-prefix=${groups.prefix}`]
      : []),
    ...(certificateAuthorities.length > 0 ? ['--oidc-ca-file=/path/to/ca.pem'] : []),
  ]
}

/** Without them a provider could name anybody `system:admin`, or put him into `system:masters`. */
const userValidationRules = [
  {
    expression: "!user.username.startsWith('system:')",
    message: 'a name that begins with "system:" is reserved',
  },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'a group that begins with "system:" is reserved',
  },
]

const rulesComment = ' The provider can never make anybody a part of the cluster itself.'

function audienceComment({ audiences, issuer }: ApiServerTrust): string {
  return [
    ' Only tokens that were issued for one of these are accepted, and not those of other applications',
    ` at ${issuer}.`,
    ...(audiences.length > 1 ? [' Keep only what no other application uses.'] : []),
  ].join('\n')
}

function usernameComment({ username }: IdentityMapping): string {
  const stable = stableClaims.has(username.claim)
    ? ` The claim "${username.claim}" never changes, and is never given to somebody else.`
    : ` Make sure that nobody can change the claim "${username.claim}", and that it is never given to somebody else:\n who has it has the rights. "sub" is safe.`
  const prefix =
    username.prefix === ''
      ? ' Without a prefix somebody at the provider could have the name of another user of the cluster.'
      : ` The prefix keeps users of the provider apart from all others of the cluster; it is part of their name\n in RBAC: ${username.prefix}…`
  return `${stable}\n${prefix}`
}

/** OpenID Connect Core §2; Entra ID's object id. */
const stableClaims: ReadonlySet<string> = new Set(['sub', 'oid'])

function comment(document: Document, path: readonly (string | number)[], text: string): void {
  const parent: unknown = document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
  if (isScalar(pair?.key)) pair.key.commentBefore = text
}

function oneLineBreak(pem: string): string {
  return `${pem.trimEnd()}\n`
}
