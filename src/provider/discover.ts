import {
  allowInsecureRequests,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  type ServerMetadata,
} from 'openid-client'
import type { Fetch, System } from '../system/index.ts'
import {
  clientAuthentication,
  type SignAgain,
  signAgain,
  usesCertificate,
} from './client-authentication.ts'
import { checkEndpoints, withEndpoints } from './endpoints.ts'
import { providerError, wrongIssuer } from './errors.ts'
import { parseIssuer } from './issuer.ts'
import { connectToProvider, providerFetch } from './request.ts'
import type { ProviderSettings } from './settings.ts'
import { withVerificationUri } from './verification-url.ts'

/** A provider whose discovery document has been read. */
export interface Provider {
  /** Issuer URL, as configured. */
  readonly issuer: string
  /** OAuth client id. */
  readonly clientId: string
  /** What the provider says of itself. */
  readonly metadata: Readonly<ServerMetadata>
  /** openid-client's handle; only this room looks into it. */
  readonly configuration: Configuration
}

/** What the doors of a System must offer to talk to a provider. */
export type ProviderSystem = Pick<System, 'clock' | 'http' | 'interrupted' | 'log'>

/**
 * Reads the provider's discovery document (OpenID Connect Discovery §4).
 *
 * @throws OidcLoginError `issuer_invalid`, `provider_unreachable`, `provider_untrusted`,
 *   `provider_timed_out`, `provider_unavailable`, `provider_response_invalid`
 */
export async function discoverProvider(
  system: ProviderSystem,
  settings: ProviderSettings,
): Promise<Provider> {
  const server = parseIssuer(settings.issuer, settings.insecureAllowHttp)
  const isPlain = server.protocol === 'http:'
  const given = settings.endpoints ?? {}
  const connection = connectToProvider(system, settings)
  const isPlainAnywhere =
    isPlain || Object.values(given).some((endpoint) => endpoint.startsWith('http:'))
  try {
    const configuration = await discovery(
      server,
      settings.clientId,
      // The endpoints for client certificates may be others (RFC 8705 §5).
      { use_mtls_endpoint_aliases: usesCertificate(settings) },
      clientAuthentication(settings),
      {
        [customFetch]: discoveryFetch(settings, libraryFetch(system, connection)),
        // The signature of an ID token that comes straight from the token endpoint need not be
        // checked by the letter of the standard (Core §3.1.3.7); we check it all the same.
        execute: isPlainAnywhere
          ? [allowInsecureRequests, enableNonRepudiationChecks]
          : [enableNonRepudiationChecks],
      },
    )
    const metadata = configuration.serverMetadata()
    // The library compares URLs, where a slash after the host means nothing. Tokens are compared as
    // text by the API server, and sessions are kept under the issuer as it is given.
    if (metadata.issuer !== settings.issuer) throw wrongIssuer(metadata.issuer, settings.issuer)
    checkEndpoints(metadata, settings.issuer, { isPlain, given })
    const send = libraryFetch(system, connection, signAgain(settings, metadata))
    configuration[customFetch] = deviceFetch(metadata, send)
    return {
      issuer: settings.issuer,
      clientId: settings.clientId,
      metadata,
      configuration,
    }
  } catch (error) {
    throw providerError(error, 'discovery', settings.issuer)
  }
}

/** Our `fetch` in the shape that openid-client calls. It sends text and forms, never streams. */
function libraryFetch(system: ProviderSystem, connection: Fetch, again?: SignAgain): CustomFetch {
  const send = providerFetch(system, connection, again)
  return (url, { method, headers, body }) =>
    send(url, {
      method,
      headers,
      body: typeof body === 'string' || body instanceof URLSearchParams ? body : undefined,
    })
}

/** The document may lie elsewhere, and some of what it says may not hold here (split horizon). */
function discoveryFetch(
  { discoveryUrl, endpoints }: ProviderSettings,
  send: CustomFetch,
): CustomFetch {
  return async (url, options) => {
    const response = await send(discoveryUrl ?? url, options)
    return endpoints === undefined ? response : await withEndpoints(response, endpoints)
  }
}

function deviceFetch(metadata: ServerMetadata, send: CustomFetch): CustomFetch {
  return async (url, options) => {
    const response = await send(url, options)
    const isDevice = url === metadata.device_authorization_endpoint
    return isDevice ? await withVerificationUri(response) : response
  }
}
