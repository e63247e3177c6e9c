import { Document, isMap, isScalar, stringify } from 'yaml'
import { groupsClaim } from './desired.ts'

/** A claim from which the API server can take the name of a user. */
export type UsernameClaim = 'sub' | 'preferred_username'

/** What a gateway has to know of a realm. */
export interface GatewayFacts {
  readonly issuer: string
  readonly clientId: string
  /** A name for the cluster. */
  readonly clusterName: string
  /** Address of the gateway; undefined when nobody has told it. */
  readonly server: string | undefined
  /** PEM of the authority of Keycloak's certificate, when it is a private one. */
  readonly certificateAuthority: string | undefined
  readonly usernameClaim: UsernameClaim
  /** What stands before the names of users and groups; may be empty. */
  readonly prefix: string
}

/**
 * A configuration of the gateway for a realm: a GatewayConfiguration with the paths of the installed
 * gateway, and an AuthenticationConfiguration, which kube-apiserver takes as well.
 */
export function gatewayYaml(facts: GatewayFacts): string {
  return `${gatewayDocument(facts)}---\n${authenticationDocument(facts)}`
}

function gatewayDocument({ issuer, clientId, clusterName, server }: GatewayFacts): string {
  const document = new Document({
    apiVersion: 'oidc-gateway/v1alpha1',
    kind: 'GatewayConfiguration',
    listen: {
      certFile: '/etc/oidc-gateway/tls/tls.crt',
      keyFile: '/etc/oidc-gateway/tls/tls.key',
    },
    onboarding: {
      clusterName,
      server: server ?? 'https://gateway.example.com',
      issuer,
      clientId,
      scopes: ['offline_access'],
    },
  })
  comment(document, ['onboarding'], ' What "kubectl oidc-login setup https://…" is told.')
  if (server === undefined) {
    comment(document, ['onboarding', 'server'], ' Write here where people find the gateway.')
  }
  return document.toString({ lineWidth: 0 })
}

function authenticationDocument(facts: GatewayFacts): string {
  const { issuer, clientId, certificateAuthority, usernameClaim, prefix } = facts
  return stringify(
    {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AuthenticationConfiguration',
      jwt: [
        {
          issuer: {
            url: issuer,
            audiences: [clientId],
            ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
          },
          claimMappings: {
            username: { claim: usernameClaim, prefix },
            groups: { claim: groupsClaim, prefix },
          },
          userValidationRules,
        },
      ],
    },
    { lineWidth: 0 },
  )
}

/** The gateway refuses such names by itself, and kube-apiserver does not. */
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

function comment(document: Document, path: readonly string[], text: string): void {
  const parent: unknown = document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
  if (isScalar(pair?.key)) pair.key.commentBefore = text
}
