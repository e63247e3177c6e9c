import { OidcLoginError } from '../../errors.ts'
import { printable } from '../../printable.ts'
import { withoutSecrets } from '../../system/index.ts'
import { type Connection, jsonOf, unavailable } from './connection.ts'
import { objectIn } from './json.ts'

/** Who changes Keycloak. */
export type Administrator =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'token'; readonly token: string }

/**
 * Signs an administrator in. Nothing is stored, and no session outlives its access token for long: there
 * is no refresh.
 *
 * @param realm where the administrator is at home
 * @returns an access token
 * @throws OidcLoginError `sign_in_refused`, `client_refused`, `provider_unavailable`,
 *   `provider_response_invalid`, and those of the connection
 */
export async function signIn(
  { base, send }: Connection,
  realm: string,
  administrator: Administrator,
): Promise<string> {
  if (administrator.kind === 'token') return administrator.token
  const url = `${base}/realms/${encodeURIComponent(realm)}/protocol/openid-connect/token`
  const response = await send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: formOf(administrator),
  })
  if (response.status === 429 || response.status >= 500) throw unavailable(base, response.status)
  const answer = objectIn(await jsonOf(response))
  if (typeof answer.access_token === 'string') return answer.access_token
  const said = withoutSecrets(printable(String(answer.error_description ?? answer.error ?? '')))
  throw refusal(administrator, realm, said || `status ${response.status}`)
}

function formOf(administrator: Exclude<Administrator, { kind: 'token' }>): URLSearchParams {
  return new URLSearchParams(
    administrator.kind === 'password'
      ? {
          grant_type: 'password',
          client_id: 'admin-cli',
          username: administrator.username,
          password: administrator.password,
        }
      : {
          grant_type: 'client_credentials',
          client_id: administrator.clientId,
          client_secret: administrator.clientSecret,
        },
  )
}

function refusal(
  administrator: Exclude<Administrator, { kind: 'token' }>,
  realm: string,
  said: string,
): OidcLoginError {
  if (administrator.kind === 'client') {
    return new OidcLoginError(
      'client_refused',
      `Keycloak refused the client ${administrator.clientId} in the realm ${realm}: ${said}.`,
      {
        hint: 'Check its secret, and that "Service accounts roles" is on for it.',
      },
    )
  }
  return new OidcLoginError(
    'sign_in_refused',
    `Keycloak refused the administrator ${administrator.username} in the realm ${realm}: ${said}.`,
    {
      hint: 'Check name, password and --admin-realm. Who has a second factor gives a token in OIDC_GATEWAY_ADMIN_TOKEN, or uses --admin-client.',
    },
  )
}
