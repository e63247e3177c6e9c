import type { GrantType } from '../login/index.ts'
import type { System } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'

type Grants = ReadonlySet<GrantType>

const browserGrants: Grants = new Set(['auto', 'authcode'])

/** Options that only some grants use. int128/kubelogin ignores them elsewhere without a word. */
const usedBy: readonly { readonly names: readonly string[]; readonly grants: Grants }[] = [
  { names: ['username', 'password', 'password-file'], grants: new Set(['password']) },
  {
    names: ['local-server-cert', 'local-server-key', 'open-url-after-authentication'],
    grants: browserGrants,
  },
]

/**
 * Says on stderr which options have no effect with the grant that is used. It is no error: such
 * kubeconfigs work with int128/kubelogin.
 */
export function warnOfIgnoredOptions(
  system: Pick<System, 'terminal'>,
  options: OptionValues,
  grantType: GrantType,
): void {
  if (options.flag('oidc-use-pkce')) {
    system.terminal.stderr(
      '--oidc-use-pkce is deprecated, and beats --oidc-pkce-method: write --oidc-pkce-method=S256, or neither.',
    )
  }
  // With a user name, `auto` means the password grant.
  const isPassword = grantType === 'auto' && options.text('username') !== undefined
  const effective = isPassword ? 'password' : grantType
  for (const { names, grants } of usedBy) {
    if (grants.has(effective)) continue
    const ignored = names.filter((name) => options.text(name) !== undefined)
    if (ignored.length === 0) continue
    const list = ignored.map((name) => `--${name}`).join(', ')
    system.terminal.stderr(`Ignored, because --grant-type=${effective} does not use it: ${list}.`)
  }
}
