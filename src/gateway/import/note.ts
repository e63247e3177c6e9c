/** Something that whoever imports a configuration has to know. */
export interface ImportNote {
  /**
   * `weakness`: the old configuration let something through that ours does not; `todo`: something is
   * missing, and a placeholder stands for it; `dropped`: it has no counterpart, and what happens instead.
   */
  readonly kind: 'weakness' | 'todo' | 'dropped'
  /** Where it stood: `Filter kubeapi-jwt-filter: jwksURI`, `--oidc-username-prefix`. */
  readonly source: string
  /** Whole sentences. */
  readonly message: string
}

/** Makes a note. */
export function note(kind: ImportNote['kind'], source: string, message: string): ImportNote {
  return { kind, source, message }
}
