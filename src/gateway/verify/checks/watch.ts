import { type Check, failed, ok, skipped } from '../../../findings/index.ts'
import { parseJson } from '../../json/index.ts'
import type { ResourceAccess } from '../access.ts'
import { bearer, type VerifyContext } from '../context.ts'
import { messageIn } from '../identity.ts'
import { resourcePath } from './access.ts'

/** Does a watch stay open, or does something on the way cut long requests? */
export const watchCheck: Check<VerifyContext> = {
  name: 'watch',
  needs: ['identity'],
  async run(context) {
    const access = context.may.find(
      (one): one is ResourceAccess => one.kind === 'resource' && one.verb === 'list',
    )
    if (!access) return skipped('No --may begins with "list", so nothing is known to be watched.')
    const path = await resourcePath(context, access)
    const lines = [bearer(context)]
    const list = await context.ask({ target: `${path}?limit=1`, lines })
    const version = String(Object(Object(parseJson(list.body)).metadata).resourceVersion ?? '')
    const { watchSeconds } = context
    const query = `watch=1&timeoutSeconds=${watchSeconds}&resourceVersion=${encodeURIComponent(version)}`
    const startedAt = context.clock.elapsed()
    const answer = await context.ask(
      { target: `${path}?${query}`, lines },
      deadlineMs(watchSeconds),
    )
    const lastedSeconds = (context.clock.elapsed() - startedAt) / 1000
    if (answer.status === 403) {
      return skipped(`This person may list ${access.resource}, and not watch them.`)
    }
    if (answer.status !== 200) {
      return failed(`A watch is answered with ${answer.status}: ${messageIn(answer)}.`)
    }
    const lasted = `${lastedSeconds.toFixed(1)} s`
    // The API server ends it after so many seconds, by its own clock.
    if (lastedSeconds >= watchSeconds - 1) return ok(`It stayed open for ${lasted}.`)
    return failed(
      `It was cut after ${lasted}; ${watchSeconds} s were asked for.`,
      'Look at the time-outs of what stands before the gateway: a load balancer, an ingress.',
    )
  },
}

function deadlineMs(watchSeconds: number): number {
  return (watchSeconds + 15) * 1000
}
