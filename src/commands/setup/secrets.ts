import { OidcLoginError } from '../../errors.ts'
import type { Withheld } from './given-arguments.ts'

/**
 * Refuses secrets of the command line where a kubeconfig is to be written: they have no place in it,
 * and without them the user could not sign in.
 *
 * @throws OidcLoginError `usage_invalid`
 */
export function refuseSecrets(withheld: readonly Withheld[]): void {
  const secret = withheld.find(({ source }) => source === 'command line')
  if (secret === undefined) return
  throw new OidcLoginError(
    'usage_invalid',
    `The value of --${secret.name} is a secret, and is not written into a kubeconfig.`,
    { hint: otherwise(secret) },
  )
}

/** Says that an option was left out, and how kubectl gets it all the same. */
export function notWritten(secret: Withheld): string {
  return `Not written, because it is a secret: --${secret.name}. ${otherwise(secret)}`
}

function otherwise({ variable, fileOption }: Withheld): string {
  const set = `${variable} where kubectl runs.`
  return fileOption === undefined
    ? `Set ${set}`
    : `Put it into a file and give --${fileOption}, or set ${set}`
}
