import type { System } from '../../system/index.ts'
import { hostsOf, type ListenAddress, parseListenAddresses } from './addresses.ts'
import { bind } from './bind.ts'
import { CallbackDesk } from './desk.ts'
import type { Doors } from './doors.ts'
import { type ListenerTls, verifyListenerTls } from './listener-tls.ts'
import type { CallbackResult } from './pages.ts'
import { rehearseVisit } from './rehearse.ts'
import { parseRedirectUrl, type Site } from './site.ts'
import { type FailedAddress, noAddressAvailable } from './unavailable.ts'
import type { Callback } from './validate.ts'

/** Where to listen, and for which answer. */
export interface ListenRequest {
  /** `host:port`, tried in order; port 0 takes any free one. */
  readonly addresses: readonly string[]
  /** The registered redirect URI, sent as is; its path is the callback path. */
  readonly redirectUrl?: string | undefined
  /** With it the listener speaks https. */
  readonly tls?: ListenerTls | undefined
  /** The `state` of the authorization request. */
  readonly state: string
  /** The `iss` that an answer must have, if it has one (RFC 9207). */
  readonly issuer: string
  /** Whether it must have one: `authorization_response_iss_parameter_supported`. */
  readonly issRequired: boolean
  /**
   * Called with a sentence about an authorization response that was ignored. It holds no secret, no
   * control character, and is short. An attacker can cause only a few calls.
   */
  readonly onIgnored?: (reason: string) => void
  /** Closes everything when it is aborted. */
  readonly signal: AbortSignal
}

/** A listener on loopback (RFC 8252 §7.3) that waits for one answer. */
export interface CallbackListener {
  /** The redirect URI to send to the provider. */
  readonly redirectUri: string
  /**
   * Resolves with the first valid answer; its browser waits for {@link CallbackListener.finish}.
   * Rejects with the signal's reason when the request is aborted first; after `close` it is pending
   * for ever.
   */
  readonly received: Promise<Callback>
  /**
   * Lets a visitor of our own come and go, so that nothing of what the answer needs runs for the first time when it
   * comes. Never throws.
   */
  rehearse(): Promise<void>
  /** Shows the result in the browser that waits, if one does, and closes everything. Never throws. */
  finish(result: CallbackResult): Promise<void>
  /** Closes everything at once, also idle connections. May be called again. */
  close(): void
}

/**
 * Listens on the first address that is free.
 *
 * @throws OidcLoginError `usage_invalid`, `certificate_invalid`, `listen_address_unavailable`
 * @throws the signal's reason when it is aborted
 */
export async function listenForCallback(
  system: Pick<System, 'http' | 'log' | 'process'>,
  request: ListenRequest,
): Promise<CallbackListener> {
  request.signal.throwIfAborted()
  const addresses = parseListenAddresses(request.addresses)
  const site = siteOf(request, addresses)
  if (request.tls) verifyListenerTls(request.tls)
  const desk = new CallbackDesk(site, request)
  try {
    const { host, port } = await openFirst(system, addresses, site, desk.doors)
    request.signal.throwIfAborted()
    return {
      redirectUri: request.redirectUrl ?? defaultRedirectUri(site, port),
      received: desk.received,
      rehearse: async () => {
        if (site.isSecure) return
        await rehearseVisit(system.http, { host, port, path: site.callbackPath })
      },
      finish: (result) => desk.finish(result),
      close: () => desk.close(),
    }
  } catch (error) {
    desk.close()
    throw error
  }
}

function siteOf(request: ListenRequest, addresses: readonly ListenAddress[]): Site {
  const redirectUrl = parseRedirectUrl(request.redirectUrl)
  const { state, issuer, issRequired } = request
  return {
    hosts: addresses.flatMap((address) => [address.host, ...hostsOf(address)]),
    isSecure: request.tls !== undefined,
    redirectUrl,
    callbackPath: redirectUrl?.pathname ?? '/',
    expectation: { state, issuer, issRequired },
  }
}

function defaultRedirectUri({ isSecure }: Site, port: number): string {
  return `${isSecure ? 'https' : 'http'}://localhost:${port}`
}

async function openFirst(
  system: Pick<System, 'log' | 'process'>,
  addresses: readonly ListenAddress[],
  site: Site,
  doors: Doors,
): Promise<{ readonly host: string; readonly port: number }> {
  const failed: FailedAddress[] = []
  for (const address of addresses) {
    const binding = await bind(address, () => doors.newServer())
    if (binding.kind === 'bound') {
      system.log.trace(
        1,
        () => `listening for the callback on ${address.text}, port ${binding.port}`,
      )
      const [host = address.host] = hostsOf(address)
      return { host, port: binding.port }
    }
    system.log.trace(1, () => `cannot listen on ${address.text}: ${binding.code}`)
    failed.push({ address, code: binding.code })
  }
  throw await noAddressAvailable(system, failed, redirectUrisOf(addresses, site))
}

/** What the provider has to know so that every one of the addresses can be used. */
function redirectUrisOf(addresses: readonly ListenAddress[], site: Site): string[] {
  if (site.redirectUrl) return [site.redirectUrl.href]
  const ports = new Set(addresses.map(({ port }) => port).filter((port) => port !== 0))
  return [...ports].map((port) => defaultRedirectUri(site, port))
}
