import type { OptionSpec } from './option-spec.ts'

/** Options of single grants, beside those that say how a browser is used. */
export const grantOptions: readonly OptionSpec[] = [
  {
    name: 'username',
    kind: 'text',
    description: 'user name for the password grant; asked for when it is missing',
    group: 'Sign-in:',
  },
  {
    name: 'password',
    kind: 'text',
    holdsSecret: () => true,
    description: 'password for the password grant; asked for when it is missing',
    group: 'Sign-in:',
  },
  {
    name: 'password-file',
    kind: 'text',
    holds: 'files',
    description: 'file with the password',
    group: 'Sign-in:',
  },
  {
    name: 'oidc-par',
    kind: 'flag',
    description: 'push the authorization request, as is done where the provider demands it',
    group: 'Sign-in:',
  },
]
