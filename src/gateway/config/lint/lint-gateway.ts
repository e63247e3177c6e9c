import type { AuthenticationConfiguration } from '../authentication-configuration.ts'
import type { GatewayConfiguration, OnboardingSettings } from '../gateway-configuration.ts'
import { type Remark, remark } from '../remark.ts'
import { renewalOf } from '../renewal-of.ts'

/** What is unwise in a GatewayConfiguration. */
export function lintGateway(
  configuration: GatewayConfiguration,
  authentication: AuthenticationConfiguration,
): readonly Remark[] {
  const { onboarding } = configuration
  return [
    ...rules.flatMap(({ holds, make }) => (holds(configuration) ? [make()] : [])),
    ...(onboarding ? lintOnboarding(onboarding, authentication) : []),
  ]
}

interface Rule {
  readonly holds: (configuration: GatewayConfiguration) => boolean
  readonly make: () => Remark
}

const rules: readonly Rule[] = [
  {
    holds: ({ listen }) => listen.trustedProxies.some((network) => network.endsWith('/0')),
    make: () =>
      remark('any-proxy', 'listen.trustedProxies', {
        message: 'Everybody is a trusted proxy: any client can claim to have any address.',
        remedy: 'Name the networks of the load balancers only.',
      }),
  },
  {
    holds: ({ tokens }) => tokens.tokenType === 'any',
    make: () =>
      remark('any-token', 'tokens.tokenType', {
        message:
          'Access tokens are accepted, too. They are sent to other services, each of which could use them here.',
        remedy: 'Let clients send ID tokens, and leave the field out.',
      }),
  },
  {
    holds: ({ impersonation }) =>
      impersonation.allowedReservedGroups.some((group) => group !== 'system:authenticated'),
    make: () =>
      remark('reserved-groups', 'impersonation.allowedReservedGroups', {
        message: 'The provider may make users members of groups of the components of Kubernetes.',
        remedy: 'Bind a group of your own to the roles that they need.',
      }),
  },
  {
    holds: ({ impersonation }) => !impersonation.requireNfc,
    make: () =>
      remark('unnormalized-names', 'impersonation.requireNfc', {
        message: 'Two names that look the same can be two users.',
        remedy: 'Leave the field out, unless your provider gives such names.',
      }),
  },
  {
    holds: ({ audit }) => audit.sink === 'none',
    make: () =>
      remark('no-audit', 'audit.sink', {
        message: 'Nobody will be able to tell who did what through the gateway.',
        remedy: 'Let it write to stdout, or to a file.',
      }),
  },
  {
    holds: (configuration) => renewalOf(configuration)?.approval === 'self',
    make: () =>
      remark('self-approval', 'upstream.renewal.approval', {
        message:
          'The gateway may approve certificates of clients: whoever steals its credential can have a certificate for any user, which nobody can revoke.',
        remedy:
          'Leave the field out and approve by hand, or use a token (tokenFile), which the kubelet renews.',
      }),
  },
  {
    holds: ({ tokens, limits }) => tokens.maxTokenBytes > limits.maxHeaderBytes,
    make: () =>
      remark('token-beyond-header', 'tokens.maxTokenSize', {
        message: 'Tokens of this size do not fit into a head of limits.maxHeaderSize.',
        remedy: 'Raise limits.maxHeaderSize.',
      }),
  },
]

/** Users would sign in, and then be refused. */
function lintOnboarding(
  { issuer, clientId }: OnboardingSettings,
  { jwt }: AuthenticationConfiguration,
): Remark[] {
  const provider = jwt.find((authenticator) => authenticator.issuer.url === issuer)
  if (!provider) {
    return [
      remark('unknown-onboarding', 'onboarding.issuer', {
        message: 'Users are sent to a provider whose tokens are not accepted.',
        remedy: 'Use the url of an issuer in jwt, byte by byte.',
      }),
    ]
  }
  if (provider.issuer.audiences.includes(clientId)) return []
  return [
    remark('unknown-onboarding', 'onboarding.clientId', {
      message: 'ID tokens name their client as the audience, and this one is not in audiences.',
      remedy: `Add ${JSON.stringify(clientId)} to the audiences of ${issuer}.`,
    }),
  ]
}
