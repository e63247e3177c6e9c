import { OidcLoginError } from '../../../errors.ts'
import type { Wish } from '../../keycloak/index.ts'
import type { GatewayOptionValues } from '../command-spec.ts'

/**
 * What the options of `keycloak` want of a realm.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function wishOf(options: GatewayOptionValues): Wish {
  const wish = {
    realm: nameOf(options, 'realm'),
    clientId: nameOf(options, 'client-id'),
    moreRedirectUris: options.list('redirect-uri').map(redirectUri),
    mayUseDeviceGrant: options.isOn('device-grant'),
    mayUsePasswordGrant: options.isOn('password-grant'),
    tellsFullGroupPath: options.isOn('full-group-path'),
    groups: options.list('group').map((name) => wellFormed('group', name)),
    // Keycloak keeps user names in lower case.
    testUser:
      options.text('test-user') === undefined
        ? undefined
        : nameOf(options, 'test-user').toLowerCase(),
  }
  if (wish.realm !== 'master') return wish
  throw new OidcLoginError(
    'usage_invalid',
    'The realm master is for the administrators of Keycloak, and for nobody else.',
    { hint: 'Give --realm another name; the realm is made when it is not there.' },
  )
}

/**
 * An https URL, or plain http to this computer, without a slash at the end: passwords travel there.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function keycloakUrlOf(options: GatewayOptionValues): string {
  const text = options.text('url') ?? ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url !== undefined && /^[^?#]*$/.test(url.href) && url.username === ''
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '')
  const isSecret = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)
  if (isPlain && isSecret) return url.href.replace(/\/+$/, '')
  throw new OidcLoginError('usage_invalid', 'The option --url is not an https URL.', {
    hint: 'Give what stands before /realms/… in the addresses of Keycloak, for example --url=https://sso.example.com.',
  })
}

function nameOf(options: GatewayOptionValues, option: string): string {
  return wellFormed(option, options.text(option) ?? '')
}

/** What is as good in a URL and on a terminal. */
function wellFormed(option: string, text: string): string {
  if (/^[\p{L}\p{N}](?:[\p{L}\p{N} ._@:-]*[\p{L}\p{N}])?$/u.test(text)) return text
  const what = text === '' ? 'is missing' : 'is not a name'
  throw new OidcLoginError('usage_invalid', `The option --${option} ${what}.`, {
    hint: 'It consists of letters, digits, and ". _ @ : -" or spaces between them.',
  })
}

/** RFC 6749 §3.1.2: absolute, without a fragment. A wildcard would let others receive codes. */
function redirectUri(text: string): string {
  const isAbsolute = URL.canParse(text) && /^[a-z][a-z\d+.-]*:/i.test(text)
  if (isAbsolute && !/[*#\s]/.test(text)) return text
  throw new OidcLoginError('usage_invalid', 'A value of --redirect-uri is not a redirect URI.', {
    hint: 'It is a whole URL without "*" and "#", for example http://localhost:9000.',
  })
}
