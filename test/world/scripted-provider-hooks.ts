import type { CompactJWSHeaderParameters, JWTPayload } from 'jose'
import type { Fault } from './provider-faults.ts'
import type { ScriptedKeys } from './scripted-provider-keys.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** What a hook answers: the document to send, or a fault that happens in its place. */
export type Outcome<Document> = Document | Fault | Promise<Document | Fault>

/** A request to the token endpoint. */
export interface TokenRequest {
  /** All fields of the form, with their secrets. */
  readonly form: URLSearchParams
  /** `grant_type`. */
  readonly grantType: string
  /** Client id, from the form or from Basic authentication. */
  readonly clientId: string
  /** The header `Authorization`. */
  readonly authorization: string | undefined
  /** Common name of the client certificate that was shown. */
  readonly certificate: string | undefined
}

/**
 * What a test does differently from a good provider. Each hook is given what the provider would
 * say, and returns what it says instead.
 */
export interface ScriptedHooks {
  /** The discovery document. */
  discovery?(document: Json): Outcome<Json>
  /**
   * Parameters of the redirect (`code`, `state`, `iss`, or `error`); those that are undefined are
   * left out. `query` is the authorization request.
   */
  authorize?(
    redirect: Readonly<Record<string, string | undefined>>,
    query: URLSearchParams,
  ): Outcome<Readonly<Record<string, string | undefined>>>
  /** The token response. One with the member `error` is sent with status 400. */
  token?(request: TokenRequest, answer: Json): Outcome<Json>
  /** Claims of the ID token. */
  idTokenClaims?(claims: JWTPayload, request: TokenRequest): JWTPayload
  /** The signed ID token; wrong keys, algorithms and headers go here. */
  signIdToken?(
    claims: JWTPayload,
    header: CompactJWSHeaderParameters,
    keys: ScriptedKeys,
  ): string | Promise<string>
  /** The key set. */
  jwks?(document: Json): Outcome<Json>
  /** The answer to a revocation, an empty object; `form` is the request. */
  revoke?(form: URLSearchParams, answer: Json): Outcome<Json>
  /** The device authorization response; `form` is the request. */
  authorizeDevice?(form: URLSearchParams, answer: Json): Outcome<Json>
}
