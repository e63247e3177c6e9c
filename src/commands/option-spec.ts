/** How an option's text becomes a value. */
export type OptionKind =
  /** One text; the last one given counts. */
  | 'text'
  /** Texts: may be repeated, and each may hold several separated by commas. */
  | 'list'
  /** Texts: may be repeated; commas belong to them. */
  | 'array'
  /** Pairs `key=value`: may be repeated, and each may hold several separated by commas. */
  | 'map'
  /** On or off; `--name`, `--name=true` and `--name=false`. */
  | 'flag'
  /** A whole number of seconds, held in milliseconds. */
  | 'seconds'
  /** A number that says how much is traced. */
  | 'level'

/** One row of the option table, from which parsing, help and documentation are made. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string
  /** Short name without dash. */
  readonly short?: string
  readonly kind: OptionKind
  /** The values that are allowed, for `text`. */
  readonly choices?: readonly string[]
  /** What the value names, so that a shell can complete it. */
  readonly holds?: 'files' | 'folders'
  /** The text that stands for the option when it is not given. */
  readonly byDefault?: string
  /** The text that an empty one means, for `text`; otherwise it means that nothing is given. */
  readonly whenEmpty?: string
  /** Whether it is taken, but not shown in help, completion and documentation. */
  readonly isHidden?: boolean
  /** Whether a value is, or carries, a secret: then it is never printed, nor written anywhere. */
  readonly holdsSecret?: (value: string) => boolean
  /** What it does: a phrase without a full stop. */
  readonly description: string
  /** Heading in the help. */
  readonly group: 'Provider:' | 'Sign-in:' | 'Session:' | 'Kubeconfig:' | 'API server:' | 'Other:'
}

/** How the names of all environment variables begin that set an option. */
export const environmentVariablePrefix = 'KUBECTL_OIDC_LOGIN_'

/** The environment variable that sets an option: the prefix and its name. */
export function environmentVariable(spec: Pick<OptionSpec, 'name'>): string {
  return `${environmentVariablePrefix}${spec.name.toUpperCase().replaceAll('-', '_')}`
}
