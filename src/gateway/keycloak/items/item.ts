import type { Difference } from '../differences.ts'

/** What there is to do about an item. */
export interface Change {
  readonly kind: 'create' | 'change'
  /** What differs; empty for what is not there. */
  readonly differences: readonly Difference[]
  /** Does it. */
  make(): Promise<void>
}

/** One thing in Keycloak that is to be as it is wanted. Its errors are those of the Admin API. */
export interface Item {
  /** Such as `client kubernetes`. */
  readonly name: string
  /** Asks for what a person has to tell before anything is changed, if there is something. */
  prepare?(): Promise<void>
  /** @returns undefined when all is well */
  look(): Promise<Change | undefined>
}
