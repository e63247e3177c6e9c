import { OidcLoginError } from '../../errors.ts'
import type { ClusterClient } from '../cluster/index.ts'
import { accessReviewSpec, isAllowedBy, type Right, ruleLines } from '../rights/index.ts'

/** A right, and where it is needed. */
export interface NeededRight {
  readonly right: Right
  /** Undefined for the whole cluster. */
  readonly namespace?: string | undefined
}

/** How many questions are under way at a time. */
const atOnce = 8

/**
 * Asks the API server whether the operator may do all this (SelfSubjectAccessReview). Nothing is changed
 * by asking.
 *
 * @throws OidcLoginError `rights_missing` with the rules to add
 */
export async function requireRights(
  client: ClusterClient,
  needed: readonly NeededRight[],
): Promise<void> {
  const missing = await missingRights(client, needed)
  if (missing.length === 0) return
  const count = missing.length === 1 ? 'a right' : `${missing.length} rights`
  throw new OidcLoginError(
    'rights_missing',
    `You lack ${count} that this needs. Nothing was changed.\n${describe(missing).join('\n')}`,
    {
      hint: 'Let an administrator of the cluster grant it, or run the command.',
    },
  )
}

/** Those of the rights that the operator does not have. */
export async function missingRights(
  client: ClusterClient,
  needed: readonly NeededRight[],
): Promise<readonly NeededRight[]> {
  const distinct = [...new Map(needed.map((one) => [JSON.stringify(one), one])).values()]
  const missing: NeededRight[] = []
  for (let at = 0; at < distinct.length; at += atOnce) {
    const some = distinct.slice(at, at + atOnce)
    const answers = await Promise.all(some.map(async (one) => await mayI(client, one)))
    missing.push(...some.filter((_, index) => !answers[index]))
  }
  return missing
}

async function mayI(client: ClusterClient, { right, namespace }: NeededRight): Promise<boolean> {
  const answer = await client.send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: accessReviewSpec(right, namespace),
    },
  })
  return isAllowedBy(answer)
}

/** The rules to add, for the cluster and for each namespace. */
function describe(missing: readonly NeededRight[]): readonly string[] {
  const namespaces = [...new Set(missing.map(({ namespace }) => namespace))]
  return namespaces.flatMap((namespace) => {
    const rights = missing.filter((one) => one.namespace === namespace).map(({ right }) => right)
    const where =
      namespace === undefined ? 'In a ClusterRole:' : `In a Role of the namespace "${namespace}":`
    return [where, ...ruleLines(rights).map((line) => `  ${line}`)]
  })
}
