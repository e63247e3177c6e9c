import { isDeepStrictEqual } from 'node:util'
import { type Check, ok, skipped, warning } from '../../../findings/index.ts'
import { renewalOf } from '../../config/index.ts'
import { type Right, renewalRights, rightsIn, ruleLines } from '../../rights/index.ts'
import type { RightsContext } from '../context.ts'

/** What may the gateway do beside impersonating? A thief of its credential could do it, too. */
export const surplusCheck: Check<RightsContext> = {
  name: 'surplus-rights',
  needs: ['api-server'],
  async run(context) {
    const { serviceAccount } = await context.self()
    const { gateway } = context.loaded()
    const renewal = renewalOf(gateway)
    const namespace = serviceAccount?.namespace ?? renewal?.secret.namespace ?? 'default'
    const { json } = await context
      .api()
      .review('authorization.k8s.io', 'SelfSubjectRulesReview', { namespace })
    const { resourceRules, incomplete } = Object(Object(json).status)
    if (!Array.isArray(resourceRules)) return skipped('The API server does not tell its rules.')
    const needed = renewal ? Object.values(renewalRights(renewal)).flat() : []
    const surplus = rightsIn(resourceRules)
      .filter((right) => !isNeeded(right, gateway.impersonation.nested === 'review'))
      .filter((right) => !needed.some((one) => isDeepStrictEqual(one, right)))
    if (surplus.length === 0) {
      const may = renewal ? 'It may impersonate and renew its certificate' : 'It may impersonate'
      return incomplete === true
        ? ok(`${may}, and nothing else that the API server tells: it does not tell all.`)
        : ok(`${may}, and nothing else.`)
    }
    return warning(
      `It may do more than impersonate, at least in the namespace "${namespace}".`,
      'Give it a ServiceAccount of its own. Surplus are:',
      ruleLines(surplus),
    )
  },
}

/** Impersonation is judged by other checks; the reviews are what everybody may ask. */
function isNeeded(right: Right, asksReviews: boolean): boolean {
  if (right.verb.startsWith('impersonate')) return true
  if (right.kind === 'path') return false
  // ClusterRole system:cluster-trust-bundle-discovery is bound to every ServiceAccount.
  if (right.resource === 'clustertrustbundles') return readVerbs.has(right.verb)
  if (right.verb !== 'create') return false
  return (
    selfReviews.has(right.resource) || (asksReviews && right.resource === 'subjectaccessreviews')
  )
}

const selfReviews: ReadonlySet<string> = new Set([
  'selfsubjectreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
])

const readVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch'])
