import type { ErrorCode } from '../errors.ts'

/**
 * Who is at the other end of a connection: errors name it, and point to the place where the user has
 * configured what is wrong. Texts are parts of sentences, without a full stop.
 */
export interface Peer {
  /** Code of the error when there is no connection, when its time is over, when its certificate is not
   * believed, and when what it answers is no answer. */
  readonly codes: Readonly<Record<'unreachable' | 'timedOut' | 'untrusted' | 'invalid', ErrorCode>>
  /** What it is: "the provider". */
  readonly name: string
  /** Where its URL is written: "the issuer URL". */
  readonly urlPlace: string
  /** Where its certificate authority is named. */
  readonly authorityPlace: string
  /** Where the name is given that its certificate must have, if it need not be the host of its URL. */
  readonly serverNamePlace?: string
  /** How it is allowed to ask for a TLS renegotiation, if it can be. */
  readonly renegotiationPlace?: string
  /** Where its proxy is named, if not in the environment. */
  readonly proxyPlace: string
  /** How its proxy is gone around. */
  readonly proxyBypass: string
  /** What its URL does not seem to lead to. */
  readonly expected: string
  /** What a time-out leaves behind: a sentence with its full stop, or nothing. */
  readonly afterTimeout: string
}

/** The OpenID provider, configured by options. */
export const providerPeer: Peer = {
  codes: {
    unreachable: 'provider_unreachable',
    timedOut: 'provider_timed_out',
    untrusted: 'provider_untrusted',
    invalid: 'provider_response_invalid',
  },
  name: 'the provider',
  urlPlace: 'the issuer URL',
  authorityPlace: '--certificate-authority',
  serverNamePlace: '--tls-server-name',
  renegotiationPlace: '--tls-renegotiation-once',
  proxyPlace: '--proxy-url',
  proxyBypass: 'NO_PROXY or --proxy-url=direct',
  expected: 'an OpenID Connect provider',
  afterTimeout: 'Your session is kept; try again.',
}
