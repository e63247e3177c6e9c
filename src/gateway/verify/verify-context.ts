import type { Clock } from '../../system/index.ts'
import type { Access } from './access.ts'
import { asking } from './ask.ts'
import { bearer, type PodName, type VerifyContext } from './context.ts'
import { askPerson, type Person } from './identity.ts'
import type { WireTarget } from './wire.ts'

/** What is to be verified, and as whom. */
export interface VerifySettings {
  readonly target: WireTarget
  readonly token: string
  readonly may: readonly Access[]
  readonly mayNot: readonly Access[]
  readonly pod: PodName | undefined
  readonly port: number | undefined
  readonly watchSeconds: number
  readonly clock: Clock
}

/** Makes what the checks look at. @param interrupted ends what is under way */
export function verifyContext(settings: VerifySettings, interrupted: AbortSignal): VerifyContext {
  const ask = asking(settings.target, interrupted)
  let person: Promise<Person> | undefined
  return {
    ...settings,
    ask,
    interrupted,
    async person() {
      person ??= askPerson(ask, bearer(settings))
      return await person
    },
  }
}
