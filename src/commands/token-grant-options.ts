import type { OptionSpec } from './option-spec.ts'

/** Options of the grants that present a token, and those that say what the new tokens are for. */
export const tokenGrantOptions: readonly OptionSpec[] = [
  {
    name: 'assertion-file',
    kind: 'text',
    holds: 'files',
    description:
      'file with the JWT that jwt-bearer presents, read again at every use; or the JWT itself in KUBECTL_OIDC_LOGIN_ASSERTION',
    group: 'Sign-in:',
  },
  {
    name: 'subject-token-file',
    kind: 'text',
    holds: 'files',
    description:
      'file with the token that token-exchange presents, read again at every use; or the token itself in KUBECTL_OIDC_LOGIN_SUBJECT_TOKEN',
    group: 'Sign-in:',
  },
  {
    name: 'subject-token-type',
    kind: 'text',
    description:
      'its type: access_token (default), id_token, jwt, or the URI of another one (RFC 8693)',
    group: 'Sign-in:',
  },
  {
    name: 'actor-token-file',
    kind: 'text',
    holds: 'files',
    description:
      'file with the token of whoever acts for the subject; or the token itself in KUBECTL_OIDC_LOGIN_ACTOR_TOKEN',
    group: 'Sign-in:',
  },
  {
    name: 'actor-token-type',
    kind: 'text',
    description: 'its type, as --subject-token-type',
    group: 'Sign-in:',
  },
  {
    name: 'requested-token-type',
    kind: 'text',
    description:
      'type of the token that token-exchange asks for, for example id_token; the provider decides when it is not given',
    group: 'Sign-in:',
  },
  {
    name: 'audience',
    kind: 'array',
    description: 'parameter audience of the request: for which service the token is meant',
    group: 'Sign-in:',
  },
  {
    name: 'resource',
    kind: 'array',
    description: 'parameter resource of the request (RFC 8707): for which URL the token is meant',
    group: 'Sign-in:',
  },
]
