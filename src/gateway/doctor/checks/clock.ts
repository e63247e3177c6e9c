import { type Check, failed, ok, skipped, warning } from '../../../findings/index.ts'
import { discoveryUrlOf } from '../../authentication/index.ts'
import type { Issuer } from '../../config/index.ts'
import type { DoctorContext } from '../context.ts'

/** `Date` has whole seconds, and an answer takes its time. */
const tolerableSeconds = 5

/** Beyond this, fresh tokens look as if they came from the future, or expired. */
const harmfulSeconds = 60

interface Skew {
  readonly whose: string
  /** Positive when this computer is ahead. */
  readonly seconds: number
}

/** Do this computer, the API server and the providers agree on the time? */
export const clockCheck: Check<DoctorContext> = {
  name: 'clock',
  needs: ['configuration'],
  async run(context) {
    const { jwt } = context.loaded().authentication
    const asked = await Promise.all([
      skewOf(context, 'the API server', async () => (await context.api().get('/version')).date),
      ...jwt.map(async ({ issuer }) => await skewOf(context, issuer.url, dateOf(context, issuer))),
    ])
    const skews = asked.filter((skew) => skew !== undefined)
    if (skews.length === 0) return skipped('Nobody tells the time.')
    const worst = Math.max(...skews.map(({ seconds }) => Math.abs(seconds)))
    if (worst <= tolerableSeconds) return ok('This computer and all others agree on the time.')
    const lines = skews.map(
      ({ whose, seconds }) =>
        `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ${whose}`,
    )
    const message = 'This computer has another time than others.'
    const remedy = 'Set the clocks by the network (NTP).'
    return worst > harmfulSeconds ? failed(message, remedy, lines) : warning(message, remedy, lines)
  },
}

async function skewOf(
  { system }: DoctorContext,
  whose: string,
  ask: () => Promise<number | undefined>,
): Promise<Skew | undefined> {
  const sentAt = system.clock.now()
  // Whether it can be reached at all is said by other checks.
  const theirs = await ask().catch(() => undefined)
  if (theirs === undefined) return undefined
  // The header is rounded down to a second.
  const skewMs = (sentAt + system.clock.now()) / 2 - (theirs + 500)
  return { whose, seconds: Math.round(skewMs / 1000) }
}

function dateOf({ system }: DoctorContext, issuer: Issuer): () => Promise<number | undefined> {
  const { certificateAuthority } = issuer
  const send = system.http.connect({
    timeoutMs: 10_000,
    ...(certificateAuthority === undefined
      ? {}
      : { certificateAuthorities: [certificateAuthority], trustsOnlyThem: true }),
  })
  return async () => {
    const response = await send(discoveryUrlOf(issuer), { signal: system.interrupted })
    const date = Date.parse(response.headers.get('date') ?? '')
    return Number.isNaN(date) ? undefined : date
  }
}
