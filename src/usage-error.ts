import { OidcLoginError } from './errors.ts'

/**
 * The error for arguments that mean nothing.
 *
 * @param program how the program is called
 * @param complaints what commander says of them
 */
export function invalidUsage(
  program: string,
  complaints: readonly string[],
  cause: unknown,
): OidcLoginError {
  const said = withoutValues(complaints.join(' '))
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const sentence = `${said[0]?.toUpperCase() ?? ''}${said.slice(1)}`
  return new OidcLoginError('usage_invalid', sentence.replace(/([^.?)])$/, '$1.'), {
    hint: `Run "${program} help" for the commands and "${program} help COMMAND" for their options.`,
    cause,
  })
}

/**
 * A value may be a secret, also one that was meant for another option (`--oidc-client-secrt=…`), so
 * none is repeated. Only the words that an option allows are.
 */
function withoutValues(complaint: string): string {
  return complaint
    .replace(/(--?[\w-]+)=[\s\S]*'(?=\s*(?:\(Did you mean [^)]*\))?\s*$)/, "$1'")
    .replace(/ argument '[\s\S]*' is invalid\./, ' has an invalid value.')
    .replace(/ value '[\s\S]*' from env '(\w+)' is invalid\./, ' has an invalid value in $1.')
}
