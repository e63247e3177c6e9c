import type { Peer } from '../../system/index.ts'

/** Keycloak, as its administrator reaches it. */
export const keycloakPeer: Peer = {
  codes: {
    unreachable: 'provider_unreachable',
    timedOut: 'provider_timed_out',
    untrusted: 'provider_untrusted',
    invalid: 'provider_response_invalid',
  },
  name: 'Keycloak',
  urlPlace: '--url',
  authorityPlace: '--certificate-authority',
  proxyPlace: 'HTTPS_PROXY',
  proxyBypass: 'NO_PROXY',
  expected: 'a Keycloak',
  afterTimeout: 'What was done until then stays; run it again.',
}
