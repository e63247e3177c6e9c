import type { ServerMetadata } from 'openid-client'
import { notAProvider } from './errors.ts'

/** The endpoints that are used, by their names in the discovery document. */
export const endpointNames = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'revocation_endpoint',
  'end_session_endpoint',
  'device_authorization_endpoint',
  'pushed_authorization_request_endpoint',
] as const

/** One of {@link endpointNames}. */
export type EndpointName = (typeof endpointNames)[number]

/** Endpoints that were given, and have been checked where they were. */
export type GivenEndpoints = Readonly<Partial<Record<EndpointName, string>>>

/**
 * Puts given endpoints into the place of those of a discovery document, also where clients that show a
 * certificate have their own (RFC 8705 §5). What is no document is left to whoever reads it.
 *
 * @param response the discovery document
 */
export async function withEndpoints(response: Response, given: GivenEndpoints): Promise<Response> {
  const text = await response.text()
  const copy = { status: response.status, headers: response.headers }
  try {
    const document: unknown = JSON.parse(text)
    if (response.status !== 200 || typeof document !== 'object' || document === null) {
      return new Response(text, copy)
    }
    const aliases: unknown = Reflect.get(document, 'mtls_endpoint_aliases')
    const all = {
      ...document,
      ...given,
      ...(aliases ? { mtls_endpoint_aliases: { ...Object(aliases), ...given } } : {}),
    }
    return new Response(JSON.stringify(all), copy)
  } catch {
    return new Response(text, copy)
  }
}

/**
 * Checks the endpoints that the discovery document names. Some are opened in a browser, which would
 * start a program for `ms-msdt:` or show a local file.
 *
 * @param isPlain whether the issuer itself speaks plain http
 * @throws OidcLoginError `provider_response_invalid`
 */
export function checkEndpoints(
  metadata: Readonly<ServerMetadata>,
  issuer: string,
  { isPlain, given }: { readonly isPlain: boolean; readonly given: GivenEndpoints },
): void {
  const aliases: Readonly<Record<string, unknown>> = Object(metadata.mtls_endpoint_aliases)
  for (const name of endpointNames.filter((one) => given[one] === undefined)) {
    for (const value of [metadata[name], aliases[name]]) {
      if (value === undefined || isUsable(value, isPlain)) continue
      throw notAProvider(`its ${name} is no URL that is ${isPlain ? 'http or ' : ''}https`, issuer)
    }
  }
}

function isUsable(value: unknown, isPlain: boolean): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol } = new URL(value)
  return protocol === 'https:' || (protocol === 'http:' && isPlain)
}
