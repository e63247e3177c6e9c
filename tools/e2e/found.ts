/** A program that the end-to-end suite needs, or why it cannot be had. */
export type Found =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string }

/** A program that tests ask for by an environment variable. */
export interface Need {
  /** Name of the variable. */
  readonly variable: string
  readonly find: () => Found
}
