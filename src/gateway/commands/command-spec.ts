import type { Writable } from 'node:stream'
import type { System } from '../../system/index.ts'

/** The System of the gateway's program. */
export interface GatewaySystem extends System {
  /** stdout as a stream: audit lines are many, and their reader may be slow. */
  readonly auditStream: Writable
}

/** One option of a command of the gateway. */
export interface GatewayOption {
  /** Long name without dashes. */
  readonly name: string
  /** What stands for the value in help; without it the option is a switch. */
  readonly placeholder?: string
  /** Whether it may be given several times. */
  readonly isRepeatable?: boolean
  /** The values that are allowed. */
  readonly choices?: readonly string[]
  /** The value when it is not given. */
  readonly byDefault?: string
  /** What it does: a phrase without a full stop. */
  readonly description: string
}

/** The options of one call. */
export interface GatewayOptionValues {
  /** The value; undefined when it is not given or empty. */
  text(name: string): string | undefined
  /** The values of a repeatable option. */
  list(name: string): readonly string[]
  /** Whether a switch is on. */
  isOn(name: string): boolean
}

/** One command of the gateway. */
export interface GatewayCommand {
  readonly name: string
  /** What it does: a phrase without a full stop. */
  readonly summary: string
  readonly options: readonly GatewayOption[]
  /** An argument beside the options, as help shows it: `<file>` or `[file]`. */
  readonly argument?: { readonly name: string; readonly description: string }
  /** Whole command lines. */
  readonly examples: readonly string[]
  /** Runs it; loads what it needs by itself. */
  readonly run: (
    system: GatewaySystem,
    options: GatewayOptionValues,
    args: readonly string[],
  ) => Promise<void>
}

/** The environment variable that sets an option: `OIDC_GATEWAY_` and its name. */
export function gatewayVariable({ name }: Pick<GatewayOption, 'name'>): string {
  return `OIDC_GATEWAY_${name.toUpperCase().replaceAll('-', '_')}`
}
