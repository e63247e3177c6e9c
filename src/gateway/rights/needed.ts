import type { AuthenticationConfiguration, GatewayConfiguration } from '../config/index.ts'
import type { Right } from './right.ts'

/**
 * How the API server lets somebody impersonate: `constrained` by the verbs of KEP-5284, on by default
 * from Kubernetes 1.36 on, or `classic` by the verb `impersonate`.
 */
export type ImpersonationMode = 'constrained' | 'classic'

/** What a configuration is. */
export interface Configurations {
  readonly gateway: GatewayConfiguration
  readonly authentication: AuthenticationConfiguration
}

/** The rights that a gateway with this configuration needs, and no more. */
export function neededRights(
  configurations: Configurations,
  mode: ImpersonationMode,
): readonly Right[] {
  const { gateway } = configurations
  const who = impersonated(configurations, mode)
  return [
    ...who,
    ...(mode === 'constrained' ? onBehalf : []),
    ...(gateway.impersonation.nested === 'review' ? [review] : []),
  ]
}

function impersonated(
  { gateway, authentication }: Configurations,
  mode: ImpersonationMode,
): readonly Right[] {
  const { jwt } = authentication
  const { sendCredentialId, nested } = gateway.impersonation
  const keys = new Set([
    ...jwt.flatMap(({ claimMappings }) => claimMappings.extra.map(({ key }) => key)),
    ...(sendCredentialId ? ['authentication.kubernetes.io/credential-id'] : []),
    ...(nested === 'review' ? ['oidc-gateway/original-user'] : []),
  ])
  const hasUid = jwt.some(({ claimMappings }) => claimMappings.uid !== undefined)
  const verb = mode === 'constrained' ? 'impersonate:user-info' : 'impersonate'
  // The classic check of users and groups is in the core group, that of all else never was.
  const group = mode === 'constrained' ? authenticationGroup : ''
  const names = { users: group, groups: group, ...(hasUid ? { uids: authenticationGroup } : {}) }
  return [
    ...Object.entries(names).map(
      ([resource, where]): Right => ({ kind: 'resource', verb, group: where, resource }),
    ),
    ...[...keys].map(
      (key): Right => ({
        kind: 'resource',
        verb,
        group: authenticationGroup,
        resource: `userextras/${key}`,
      }),
    ),
  ]
}

const authenticationGroup = 'authentication.k8s.io'

const verbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
] as const

/** What may be done while impersonating: RBAC of the user decides, so all of it. */
const onBehalf: readonly Right[] = [
  ...verbs.map(
    (verb): Right => ({
      kind: 'resource',
      verb: `impersonate-on:user-info:${verb}`,
      group: '*',
      resource: '*',
    }),
  ),
  ...['get', 'head', 'post', 'options'].map(
    (verb): Right => ({ kind: 'path', verb: `impersonate-on:user-info:${verb}`, path: '*' }),
  ),
]

const review: Right = {
  kind: 'resource',
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'subjectaccessreviews',
}
