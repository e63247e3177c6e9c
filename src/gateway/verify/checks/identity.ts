import { type Check, failed, ok } from '../../../findings/index.ts'
import { printable } from '../../../printable.ts'
import type { VerifyContext } from '../context.ts'

/** Who does the API server take the bearer of the token for? */
export const identityCheck: Check<VerifyContext> = {
  name: 'identity',
  needs: ['connection'],
  async run(context) {
    const { username, groups } = await context.person()
    const others = groups.filter((group) => group !== 'system:authenticated')
    const list = others.length === 0 ? 'no groups' : `groups ${others.join(', ')}`
    const who = `The API server sees "${printable(username)}", ${printable(list, 300)}.`
    const isReserved = username.startsWith('system:') || groups.includes('system:masters')
    return isReserved
      ? failed(who, 'Such a name must never come from a provider; see impersonation.reservedUsers.')
      : ok(who)
  },
}
