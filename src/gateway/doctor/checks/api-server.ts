import { type Check, failed, ok } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import type { RightsContext } from '../context.ts'

/** Does the API server answer, and as whom does it see the gateway? */
export const apiServerCheck: Check<RightsContext> = {
  name: 'api-server',
  needs: ['certificates'],
  async run(context) {
    const { username, groups } = await context.self()
    const { json } = await context.api().get('/version')
    const { gitVersion } = Object(json)
    const version = typeof gitVersion === 'string' ? printable(gitVersion, 40) : 'unknown version'
    const who = `Kubernetes ${version} sees the gateway as "${printable(username)}".`
    if (!groups.includes('system:masters')) return ok(who)
    return failed(
      `${who} It is a member of system:masters: an administrator whom RBAC cannot limit.`,
      'Give it a ServiceAccount, or a certificate without that organization.',
    )
  },
}
