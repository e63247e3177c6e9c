import { OidcLoginError } from '../../errors.ts'
import { type Onboarding, onboardingPath, parseOnboarding } from '../../onboarding/index.ts'
import type { Fetch, Peer, System } from '../../system/index.ts'
import { connectionSettings } from '../connection-settings.ts'
import type { OptionValues } from '../given-options.ts'

/** What a server tells, and how kubectl is to verify its certificate. */
export interface ServerDescription {
  readonly onboarding: Onboarding
  /** PEM; undefined when the authorities of the system are enough. */
  readonly certificateAuthority: string | undefined
}

/**
 * Fetches the onboarding document of a server. Its certificate is verified; nothing that is meant for
 * the provider is sent to it.
 *
 * @param url `https://host[:port]`
 * @throws OidcLoginError `usage_invalid` for another URL, `onboarding_unreachable`,
 *   `onboarding_untrusted`, `onboarding_invalid`, `proxy_…`
 */
export async function fetchOnboarding(
  system: System,
  options: OptionValues,
  url: string,
): Promise<ServerDescription> {
  const origin = originOf(url)
  const { certificateAuthorities, proxyUrl, requestTimeoutMs } = connectionSettings(system, options)
  const connect = (trusted: readonly string[]): Fetch =>
    system.http.connect({
      peer: onboardingPeer,
      certificateAuthorities: trusted,
      proxyUrl,
      timeoutMs: requestTimeoutMs,
    })
  const onboarding = await fetchDocument(system, connect(certificateAuthorities), origin)
  const isEnough =
    onboarding.certificateAuthority !== undefined ||
    certificateAuthorities.length === 0 ||
    (await isTrusted(system, connect([]), origin))
  return {
    onboarding,
    certificateAuthority: isEnough
      ? onboarding.certificateAuthority
      : certificateAuthorities.join('\n'),
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin
  throw new OidcLoginError(
    'usage_invalid',
    'The argument of setup is the address of a server, https://HOST or https://HOST:PORT.',
    { hint: 'Without one, give --oidc-issuer-url and --oidc-client-id.' },
  )
}

async function fetchDocument(system: System, send: Fetch, origin: string): Promise<Onboarding> {
  const response = await send(`${origin}${onboardingPath}`, {
    headers: { accept: 'application/json' },
    signal: system.interrupted,
  })
  const { status } = response
  system.log.trace(2, () => `GET ${origin}${onboardingPath}: status ${status}`)
  if (status === 200) return parseOnboarding(await response.text(), origin)
  throw new OidcLoginError(
    'onboarding_invalid',
    `${origin} does not tell how its cluster is used: ${onboardingPath} is answered with ${describe(status)}.`,
    {
      hint: 'Check the address. Without such a document, give --oidc-issuer-url and --oidc-client-id; docs/onboarding.md describes it.',
    },
  )
}

function describe(status: number): string {
  const isRedirect = status >= 300 && status < 400
  return isRedirect ? `a redirect (status ${status}), which is not followed` : `status ${status}`
}

/** Whether kubectl would trust the server without the authorities that were given here. */
async function isTrusted(system: System, send: Fetch, origin: string): Promise<boolean> {
  try {
    await send(`${origin}${onboardingPath}`, { signal: system.interrupted })
    return true
  } catch (error) {
    if (error instanceof OidcLoginError && error.code === 'onboarding_untrusted') return false
    throw error
  }
}

const onboardingPeer: Peer = {
  codes: {
    unreachable: 'onboarding_unreachable',
    timedOut: 'onboarding_unreachable',
    untrusted: 'onboarding_untrusted',
    invalid: 'onboarding_invalid',
  },
  name: 'the server',
  urlPlace: 'the address',
  authorityPlace: '--certificate-authority',
  proxyPlace: '--proxy-url',
  proxyBypass: 'NO_PROXY or --proxy-url=direct',
  expected: 'a server that tells how its cluster is used',
  afterTimeout: '',
}
