import type { Clock } from '../../system/index.ts'
import type { Access } from './access.ts'
import type { Ask } from './ask.ts'
import type { Person } from './identity.ts'
import type { WireTarget } from './wire.ts'

/** What the checks of a running gateway look at. */
export interface VerifyContext {
  readonly target: WireTarget
  readonly ask: Ask
  readonly interrupted: AbortSignal
  readonly clock: Clock
  /** The ID token of a person who is let in. */
  readonly token: string
  readonly may: readonly Access[]
  readonly mayNot: readonly Access[]
  /** A pod in which this person may run a command. */
  readonly pod: PodName | undefined
  /** A port on which that pod listens. */
  readonly port: number | undefined
  /** How long a watch has to last. */
  readonly watchSeconds: number
  /** Who the gateway takes the bearer of the token for; asked once. */
  person(): Promise<Person>
}

/** A pod. */
export interface PodName {
  readonly namespace: string
  readonly name: string
  /** Undefined for its first one. */
  readonly container: string | undefined
}

/** The header line of an honest client. */
export function bearer({ token }: Pick<VerifyContext, 'token'>): string {
  return `Authorization: Bearer ${token}`
}
