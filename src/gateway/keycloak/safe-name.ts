import { OidcLoginError } from '../../errors.ts'
import type { AdminApi } from './admin-api.ts'
import { objectIn } from './json.ts'

/**
 * Refuses to build on user names that people give themselves: whoever takes the name of an
 * administrator would be one. A realm that is not there yet will not let them.
 *
 * @throws OidcLoginError `realm_unsuitable`, and those of the Admin API
 */
export async function refuseChosenNames(api: AdminApi, realm: string): Promise<void> {
  const errand = { task: `see the realm ${realm}`, role: 'view-realm' }
  const settings = objectIn((await api.read('', errand)) ?? allowsNothing)
  const faults = [
    ...(settings.editUsernameAllowed === false ? [] : ['rename themselves (Edit username)']),
    ...(settings.registrationAllowed === false
      ? []
      : ['register under a name of their choice (User registration)']),
  ]
  if (faults.length === 0) return
  throw new OidcLoginError(
    'realm_unsuitable',
    `The realm ${realm} lets people ${faults.join(' and ')}, so preferred_username does not tell who somebody is.`,
    { hint: 'Use --username-claim=sub, or switch that off under "Realm settings", "Login".' },
  )
}

const allowsNothing = { editUsernameAllowed: false, registrationAllowed: false }
