import { OidcLoginError } from '../../../errors.ts'
import type { AdminApi } from '../admin-api.ts'
import { desiredRealm } from '../desired.ts'
import { differencesOf } from '../differences.ts'
import { objectIn } from '../json.ts'
import type { Wish } from '../wish.ts'
import type { Item } from './item.ts'

/** The realm. One that exists is left as it is; one that is disabled lets nobody in (`realm_unsuitable`). */
export function realmItem(api: AdminApi, wish: Pick<Wish, 'realm'>): Item {
  const { realm } = wish
  const wanted = desiredRealm(wish)
  return {
    name: `realm ${realm}`,
    async look() {
      const found = await api.read('', { task: `see the realm ${realm}`, role: 'view-realm' })
      if (found === undefined) {
        return {
          kind: 'create',
          differences: differencesOf(wanted, {}),
          make: async () => await api.createRealm(wanted),
        }
      }
      if (objectIn(found).enabled !== false) return undefined
      throw new OidcLoginError('realm_unsuitable', `The realm ${realm} is disabled.`, {
        hint: 'Somebody has closed it: ask why, and switch it on under "Realm settings".',
      })
    },
  }
}
