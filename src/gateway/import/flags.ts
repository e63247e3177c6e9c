import { OidcLoginError } from '../../errors.ts'

/** Values of flags by name, without the dashes; a flag that is repeated has several. */
export type Flags = ReadonlyMap<string, readonly string[]>

/** Flags that need no value. */
const switches = new Set([
  'disable-impersonation',
  'token-passthrough',
  'extra-user-header-client-ip',
  'readiness-require-all-issuers',
  'disable-http2-serving',
  'permit-port-sharing',
  'permit-address-sharing',
  'insecure-skip-tls-verify',
  'disable-compression',
])

/**
 * Reads arguments as Go's pflag does: `--flag=value`, `--flag value`, `--switch`.
 *
 * @throws OidcLoginError `usage_invalid` for what is no flag, or a flag without its value
 */
export function readFlags(args: readonly string[]): Flags {
  const flags = new Map<string, string[]>()
  const rest = [...args]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, name, , value] = /^--?([a-z0-9-]+)(=([\s\S]*))?$/.exec(argument) ?? []
    if (name === undefined) {
      throw new OidcLoginError('usage_invalid', 'Only flags of the proxy can be imported.', {
        hint: 'Give them as they stand in its Deployment, for example --oidc-issuer-url=https://….',
      })
    }
    const given = value ?? (switches.has(name) ? 'true' : rest.shift())
    if (given === undefined) {
      throw new OidcLoginError('usage_invalid', `The flag --${name} has no value.`)
    }
    flags.set(name, [...(flags.get(name) ?? []), given])
  }
  return flags
}

/** The last value of a flag; undefined when it is not given, or empty. */
export function valueFor(flags: Flags, name: string): string | undefined {
  return flags.get(name)?.at(-1) || undefined
}

/** All values of a flag whose values may be separated by commas. */
export function valuesFor(flags: Flags, name: string): readonly string[] {
  return (flags.get(name) ?? []).flatMap((value) => value.split(',')).filter(Boolean)
}

/** Whether a switch is on. */
export function isOn(flags: Flags, name: string): boolean {
  return valueFor(flags, name) === 'true'
}
