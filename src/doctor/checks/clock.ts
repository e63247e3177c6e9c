import { connectToProvider, providerFetch } from '../../provider/index.ts'
import { type Check, noProvider, skipped } from '../check.ts'

/** `Date` has whole seconds, and an answer takes its time. */
const tolerableMs = 5_000

/** Beyond this, fresh tokens look expired, or as if they came from the future. */
const harmfulMs = 60_000

/** Whether this computer's clock and that of the provider (its `Date` header) agree. */
export const clockCheck: Check = {
  name: 'clock',
  needs: ['discovery'],
  async run({ provider, system }) {
    if (provider === undefined) return noProvider
    const send = providerFetch(system, connectToProvider(system, provider))
    const sentAt = system.clock.now()
    const url = `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const response = await send(url)
    const receivedAt = system.clock.now()
    const theirs = Date.parse(response.headers.get('date') ?? '')
    if (Number.isNaN(theirs)) return skipped('The provider does not tell the time.')
    // The header is rounded down to a second.
    const skewMs = (sentAt + receivedAt) / 2 - (theirs + 500)
    const seconds = Math.round(Math.abs(skewMs) / 1000)
    if (Math.abs(skewMs) <= tolerableMs) {
      return { verdict: 'ok', message: 'This computer and the provider agree on the time.' }
    }
    return {
      verdict: Math.abs(skewMs) > harmfulMs ? 'failed' : 'warning',
      message: `This computer is ${seconds} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} the provider.`,
      remedy: 'Let this computer set its clock by the network (NTP).',
    }
  },
}
