import { type Check, ok, warning } from '../../../findings/index.ts'
import { defaultDeadlineMs } from '../ask.ts'
import type { VerifyContext } from '../context.ts'
import { openWire } from '../wire.ts'

/** A certificate that ends sooner is worth a word, in milliseconds. */
const soonMs = 7 * 24 * 60 * 60 * 1000

/** Is there a gateway, and whose certificate does it show? */
export const connectionCheck: Check<VerifyContext> = {
  name: 'connection',
  async run({ target, interrupted, clock }) {
    const signal = AbortSignal.any([interrupted, AbortSignal.timeout(defaultDeadlineMs)])
    const wire = await openWire(target, signal)
    const expiresAt = Date.parse(wire.socket.getPeerCertificate().valid_to)
    const protocol = wire.socket.getProtocol() ?? 'TLS'
    wire.close()
    const until = new Date(expiresAt).toISOString().slice(0, 10)
    const message = `${protocol}; the certificate is trusted and lasts until ${until}.`
    return expiresAt - clock.now() < soonMs ? warning(message, 'Renew it.') : ok(message)
  },
}
