import { type Check, failed, ok, warning } from '../../../findings/index.ts'
import { type ImpersonationMode, neededRights, type Right, ruleLines } from '../../rights/index.ts'
import type { ApiClient } from '../api-client.ts'
import type { RightsContext } from '../context.ts'
import { lacking } from '../lacking.ts'

/** The first minor version of Kubernetes 1 in which constrained impersonation is on by default. */
const constrainedSince = 36

/** May the gateway do all that its configuration needs? */
export const rightsCheck: Check<RightsContext> = {
  name: 'rights',
  needs: ['api-server'],
  async run(context) {
    const { gateway, authentication } = context.loaded()
    const needed = (mode: ImpersonationMode) => neededRights({ gateway, authentication }, mode)
    const api = context.api()
    const minor = await minorVersion(api)
    const constrained = await lacking(api, needed('constrained'))
    if (constrained.length === 0) return ok('All that is needed, by constrained impersonation.')
    const classic = await lacking(api, needed('classic'))
    const isNew = minor >= constrainedSince
    if (classic.length === 0) {
      if (!isNew) return ok('All that is needed, by classic impersonation.')
      return warning(
        'All that is needed, by classic impersonation. It includes system:masters and every ServiceAccount.',
        'Grant these rules in the place of "impersonate"; then the API server itself refuses those:',
        ruleLines(needed('constrained')),
      )
    }
    // What was begun is to be completed.
    const isBegun = constrained.length < needed('constrained').length
    const missing = isNew || isBegun ? constrained : classic
    return failed(
      'The gateway may not do all that it needs to.',
      'Add to its ClusterRole:',
      ruleLines(missing),
    )
  },
}

/** May it do more? Each right that it need not have is one that a thief would get. */
export const classicLeftoverCheck: Check<RightsContext> = {
  name: 'leftover-rights',
  needs: ['rights'],
  async run(context) {
    const { gateway, authentication } = context.loaded()
    const api = context.api()
    const needed = neededRights({ gateway, authentication }, 'constrained')
    if ((await lacking(api, needed)).length > 0) {
      return ok('Classic impersonation is in use; there is nothing beside it.')
    }
    const classic = [...classicRights, ...neededRights({ gateway, authentication }, 'classic')]
    const missing = new Set(await lacking(api, classic))
    const held = classic.filter((right) => right.verb === 'impersonate' && !missing.has(right))
    if (held.length === 0) return ok('There is no classic right to impersonate beside it.')
    return failed(
      'The gateway still has the classic right to impersonate, to which the API server falls back: with it, system:masters is open again.',
      'Remove from its ClusterRole:',
      ruleLines(held),
    )
  },
}

const classicRights: readonly Right[] = [
  { kind: 'resource', verb: 'impersonate', group: '', resource: 'serviceaccounts' },
]

async function minorVersion(api: ApiClient): Promise<number> {
  const { minor } = Object((await api.get('/version')).json)
  return Number.parseInt(String(minor), 10) || 0
}
