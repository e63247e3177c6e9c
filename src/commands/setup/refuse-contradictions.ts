import { OidcLoginError } from '../../errors.ts'
import type { OptionValues } from '../given-options.ts'

/**
 * Refuses options that contradict a server which tells the provider, or that would show somebody's
 * secrets to it.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function refuseContradictions(options: OptionValues): void {
  for (const name of ['oidc-issuer-url', 'oidc-client-id']) {
    if (options.sourceOf(name) !== 'command line') continue
    throw invalid(`The option --${name} does not go with https://HOST, which tells the provider.`)
  }
  if (options.flag('from-auth-provider')) {
    throw invalid('The option --from-auth-provider does not go with https://HOST.')
  }
  if (options.flag('apiserver')) {
    throw invalid(
      'The option --apiserver does not go with https://HOST, whose API server knows its users already.',
    )
  }
  if (options.flag('insecure-skip-tls-verify')) {
    throw invalid(
      'With --insecure-skip-tls-verify anybody on the way could tell which cluster and which provider is yours.',
      'Get the certificate authority of the server from its operator, and give it with --certificate-authority.',
    )
  }
  for (const name of secretsOfAnotherProvider) {
    if (options.sourceOf(name) !== 'environment') continue
    throw invalid(
      `The environment sets --${name}, which would be shown to the provider that the server names.`,
      'Unset that variable, or give the option on the command line when it is meant for this provider.',
    )
  }
}

const secretsOfAnotherProvider = [
  'oidc-client-secret',
  'oidc-client-secret-file',
  'oidc-client-key',
  'oidc-client-certificate',
  'oidc-request-header',
  'oidc-auth-request-extra-params',
  'username',
  'password',
  'password-file',
]

function invalid(message: string, hint?: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', message, { hint })
}
