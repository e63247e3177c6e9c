/** A program that the end-to-end suite needs, or why it cannot be had. */
export type Found =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing'; readonly reason: string }
