import type {
  AuthenticationConfiguration,
  JwtAuthenticator,
} from '../authentication-configuration.ts'
import type { ExpressionLanguage } from '../expression-language.ts'
import { type Remark, remark } from '../remark.ts'
import { lintNamespaces } from './lint-namespaces.ts'
import { lintUsername } from './lint-username.ts'

/** What the configuration is compared with. */
export interface LintFacts {
  readonly language: ExpressionLanguage
  /** Issuers of the cluster's ServiceAccount tokens, as far as they are known. */
  readonly serviceAccountIssuers: readonly string[]
}

/** What is unwise in an AuthenticationConfiguration, although kube-apiserver would take it. */
export function lintAuthentication(
  { jwt }: AuthenticationConfiguration,
  facts: LintFacts,
): readonly Remark[] {
  return [
    ...jwt.flatMap((authenticator, index) => [
      ...lintIssuer(authenticator, `jwt[${index}].issuer`, facts),
      ...lintUsername(authenticator, `jwt[${index}].claimMappings`, facts.language),
      ...lintPrefixes(authenticator, `jwt[${index}].claimMappings`),
    ]),
    ...lintNamespaces(jwt),
  ]
}

function lintIssuer(
  { issuer }: JwtAuthenticator,
  path: string,
  { serviceAccountIssuers }: LintFacts,
): Remark[] {
  const remarks: Remark[] = []
  if (serviceAccountIssuers.includes(issuer.url)) {
    remarks.push(
      remark('cluster-issuer', `${path}.url`, {
        message:
          'This is the cluster itself: every pod could sign in as a user whose name its ServiceAccount chooses.',
        remedy: 'Remove it; tokens.serviceAccounts: passthrough is the way for ServiceAccounts.',
      }),
    )
  }
  const generic = issuer.audiences.find((name) => name === 'account' || name === issuer.url)
  if (generic !== undefined) {
    remarks.push(
      remark('generic-audience', `${path}.audiences`, {
        message: `The audience ${JSON.stringify(generic)} stands in tokens that the provider issues to any client.`,
        remedy: 'Name the client id of the client that is registered for this cluster.',
      }),
    )
  }
  return remarks
}

/** A prefix, or a constant, that makes every user one of the system (rule A13). */
function lintPrefixes({ claimMappings }: JwtAuthenticator, path: string): Remark[] {
  return (['username', 'groups'] as const).flatMap((name) => {
    const mapping = claimMappings[name]
    const isReserved =
      mapping?.kind === 'claim'
        ? mapping.prefix.startsWith('system:')
        : mapping !== undefined && /^[\s([]*(['"])system:/.test(mapping.expression)
    if (!isReserved) return []
    return remark('reserved-prefix', `${path}.${name}`, {
      message:
        'Names that begin with "system:" belong to the components of Kubernetes; the gateway refuses all of them, so nobody could sign in.',
      remedy: 'Choose another prefix, such as "oidc:".',
    })
  })
}
