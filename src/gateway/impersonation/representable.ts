import type { UserInfo } from '../identity/index.ts'
import { type Refusal, refuse } from '../request/index.ts'
import type { ImpersonationPolicy } from './policy.ts'

/**
 * Refuses identities that would arrive at the API server as somebody else's. A header has no place for
 * line ends; its reader trims blanks, so that `"admin "` becomes `admin` (rules A7, A9, A10, A12, A15).
 * They are refused with 403 and not 401: signing in again would change nothing.
 */
export function unrepresentable(user: UserInfo, policy: ImpersonationPolicy): Refusal | undefined {
  if (user.username.trim() === '') return refused('Your user name is empty.')
  if (user.groups.includes('')) return refused('The name of one of your groups is empty.')
  if (user.groups.length > policy.maxGroups) {
    return refused(`You have more than ${policy.maxGroups} groups.`)
  }
  const keys = [...user.extra.keys()]
  if (!keys.every((key) => extraKey.test(key))) {
    return refused(
      'The name of one of your attributes has characters other than a-z, 0-9 and "./_-".',
    )
  }
  const values = [user.username, user.uid, ...user.groups, ...[...user.extra.values()].flat()]
  const fault = values.map((value) => faultOf(value, policy)).find((found) => found !== undefined)
  return fault === undefined
    ? undefined
    : refused(`Your user name, uid, groups or attributes hold ${fault}.`)
}

/** Lower case only: the API server lower-cases the header's name before it decodes it (rule A16). */
const extraKey = /^[a-z0-9./_-]+$/

/** C0 and C1 controls and DEL. */
const control = /\p{Cc}/u

/** Half a pair: it has no UTF-8 form, and would arrive as U+FFFD. */
const loneSurrogate = /\p{Surrogate}/u

function faultOf(value: string, policy: ImpersonationPolicy): string | undefined {
  if (value !== value.trim()) return 'a name that begins or ends with a blank'
  if (control.test(value)) return 'a control character'
  if (loneSurrogate.test(value)) return 'half of a surrogate pair'
  if (policy.requireNfc && value !== value.normalize('NFC')) {
    return 'a name that is not in Unicode normal form C'
  }
  return undefined
}

function refused(message: string): Refusal {
  return refuse(403, 'identity_unrepresentable', message)
}
