import { OidcLoginError } from '../errors.ts'
import { longestOnboardingBytes, type Onboarding } from './onboarding.ts'
import {
  certificatesIn,
  certificatesOf,
  clientIdIn,
  nameIn,
  type Refuse,
  scopesIn,
  urlIn,
} from './values.ts'

/**
 * Reads the document of a server. It is a stranger's text: every value is bounded, and free of
 * characters that could deceive a terminal, a shell or a kubeconfig. Fields that are not known are
 * ignored, because none of them can have an effect; what changes the meaning of those that are known
 * gets another `version`.
 *
 * @param origin where it was fetched from, `https://host[:port]`. It can only speak for that server:
 *   otherwise any web page could lead a person's tokens to any server
 * @throws OidcLoginError `onboarding_invalid`; the message quotes nothing of the text
 */
export function parseOnboarding(text: string, origin: string): Onboarding {
  const refuse: Refuse = (why) => invalid(origin, why)
  const document = mappingIn('the document', parseJson(text, refuse), refuse)
  if (document.version !== 1) throw refuse('"version" is not 1, the only one that is known here')
  const cluster = mappingIn('"cluster"', document.cluster, refuse)
  const provider = mappingIn('"provider"', document.provider, refuse)
  const server = urlIn({ name: 'cluster.server', value: cluster.server }, refuse)
  if (server.url.pathname !== '/') throw refuse('"cluster.server" has a path')
  if (server.url.origin !== origin) {
    throw refuse('"cluster.server" is another server than the one that tells it')
  }
  const authority = cluster.certificateAuthorityData
  return {
    clusterName: nameIn({ name: 'cluster.name', value: cluster.name }, refuse),
    server: server.url.origin,
    certificateAuthority:
      authority === undefined
        ? undefined
        : certificatesIn({ name: 'cluster.certificateAuthorityData', value: authority }, refuse),
    issuer: urlIn({ name: 'provider.issuer', value: provider.issuer }, refuse).text,
    clientId: clientIdIn({ name: 'provider.clientId', value: provider.clientId }, refuse),
    scopes: scopesIn({ name: 'provider.scopes', value: provider.scopes ?? [] }, refuse),
  }
}

/**
 * Writes the document that a server serves, as `application/json`.
 *
 * @throws OidcLoginError `onboarding_invalid` when {@link parseOnboarding} would refuse it
 */
export function formatOnboarding(onboarding: Onboarding): string {
  const { certificateAuthority } = onboarding
  const text = JSON.stringify({
    version: 1,
    cluster: {
      name: onboarding.clusterName,
      server: onboarding.server,
      certificateAuthorityData: certificateAuthority && dataOf(certificateAuthority),
    },
    provider: {
      issuer: onboarding.issuer,
      clientId: onboarding.clientId,
      scopes: onboarding.scopes,
    },
  })
  parseOnboarding(text, onboarding.server)
  return `${text}\n`
}

function dataOf(pem: string): string {
  return Buffer.from(certificatesOf(pem), 'utf8').toString('base64')
}

function parseJson(text: string, refuse: Refuse): unknown {
  if (Buffer.byteLength(text) > longestOnboardingBytes) {
    throw refuse(`it is longer than ${longestOnboardingBytes} bytes`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw refuse('it is not JSON')
  }
}

function mappingIn(
  name: string,
  value: unknown,
  refuse: Refuse,
): Readonly<Record<string, unknown>> {
  if (isMapping(value)) return value
  throw refuse(value === undefined ? `${name} is missing` : `${name} is not a mapping`)
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(origin: string, why: string): OidcLoginError {
  return new OidcLoginError(
    'onboarding_invalid',
    `The onboarding document of ${origin} cannot be used: ${why}.`,
    { hint: 'Ask the operator of that server; docs/onboarding.md describes the document.' },
  )
}
