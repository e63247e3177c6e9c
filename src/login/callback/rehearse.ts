import { once } from 'node:events'
import { connect, isIPv6 } from 'node:net'
import { type HttpClient, isFromStranger } from '../../system/index.ts'
import { validateCallback } from './validate.ts'

/** Where a visitor of our own goes. */
export interface RehearsedVisit {
  /** Host name or IP address of the listener, without brackets. */
  readonly host: string
  readonly port: number
  /** The callback path; without parameters there is nothing to be accepted. */
  readonly path: string
}

/** Nobody waits for the visit, but it must not linger either. */
const visitMs = 1_000

/** An answer as it is awaited, that only this file sees. */
const answer = { code: 'rehearsal', state: 'rehearsal', issuer: 'rehearsal' }

/**
 * Visits the listener as a browser would that brings no answer, by the client that will send the code to the provider; looks
 * whose a connection is, and judges an answer. What runs here for the first time does not have to when the answer
 * comes. Never throws: nothing depends on it.
 */
export async function rehearseVisit(
  http: HttpClient,
  { host, port, path }: RehearsedVisit,
): Promise<void> {
  const visitor = connect({ host, port })
  visitor.unref()
  visitor.setTimeout(visitMs, () => visitor.destroy())
  try {
    await once(visitor, 'connect')
    isFromStranger({
      localAddress: visitor.remoteAddress,
      localPort: port,
      remoteAddress: visitor.localAddress,
      remotePort: visitor.localPort,
      remoteFamily: visitor.remoteFamily,
    })
    validateCallback(new URLSearchParams(answer), { ...answer, issRequired: false })
    // Own addresses are reached without a proxy.
    const visit = http.connect({ timeoutMs: visitMs })
    await visit(`http://${isIPv6(host) ? `[${host}]` : host}:${port}${path}`)
  } catch {
    // The real visitor comes all the same.
  } finally {
    visitor.destroy()
  }
}
