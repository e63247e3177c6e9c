import { OidcLoginError } from '../../errors.ts'
import type { AdminApi } from './admin-api.ts'
import { objectIn, type Representation } from './json.ts'

/** Settings with which people choose their own names, and what they do then, with the words of the console. */
const choices = [
  { setting: 'editUsernameAllowed', what: 'rename themselves (Edit username)' },
  {
    setting: 'registrationAllowed',
    what: 'register under a name of their choice (User registration)',
  },
] as const

/**
 * Refuses to build on user names that people give themselves: whoever takes the name of an
 * administrator would be one. A realm that is not there yet will not let them.
 *
 * @throws OidcLoginError `realm_unsuitable`; `administration_refused` when Keycloak does not tell; and
 *   those of the Admin API
 */
export async function refuseChosenNames(api: AdminApi, realm: string): Promise<void> {
  const errand = { task: `see the realm ${realm}`, role: 'view-realm' }
  const found = await api.read('', errand)
  if (found === undefined) return
  const settings = objectIn(found)
  // Who lacks the role is shown the name of the realm, and hardly more.
  if (choices.some(({ setting }) => settings[setting] === undefined)) throw untold(realm)
  const faults = choices.filter(({ setting }) => isOn(settings, setting)).map(({ what }) => what)
  if (faults.length === 0) return
  throw new OidcLoginError(
    'realm_unsuitable',
    `The realm ${realm} lets people ${faults.join(' and ')}, so preferred_username does not tell who somebody is.`,
    { hint: 'Use --username-claim=sub, or switch that off under "Realm settings", "Login".' },
  )
}

function isOn(settings: Representation, name: string): boolean {
  return settings[name] !== false
}

function untold(realm: string): OidcLoginError {
  return new OidcLoginError(
    'administration_refused',
    `Keycloak does not tell the administrator whether people of the realm ${realm} choose their own names.`,
    { hint: 'It takes the role view-realm. Or use --username-claim=sub.' },
  )
}
