import { OidcLoginError } from '../../errors.ts'

/**
 * A token as it stands in a file, which often ends with a line break.
 *
 * @throws OidcLoginError `configuration_invalid`
 */
export function tokenOf(text: string, file: string): string {
  const token = text.trim()
  if (/^[-\w.~+/]+=*$/.test(token)) return token
  throw new OidcLoginError('configuration_invalid', `The file ${file} holds no bearer token.`, {
    hint: 'It must hold the token of a ServiceAccount, and nothing else.',
  })
}
