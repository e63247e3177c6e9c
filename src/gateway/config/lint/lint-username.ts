import type { JwtAuthenticator } from '../authentication-configuration.ts'
import type { ExpressionLanguage } from '../expression-language.ts'
import { type Remark, remark } from '../remark.ts'
import { isShortened, isTakenUnverified } from './lint-address.ts'

/** Claims that users may usually change themselves, and that two of them can share (OpenID Connect Core §5.1). */
const mutableClaims = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'address',
  'phone_number',
  'zoneinfo',
  'locale',
]

/** Whether somebody could choose whose name they get. */
export function lintUsername(
  authenticator: JwtAuthenticator,
  path: string,
  language: ExpressionLanguage,
): Remark[] {
  const { username } = authenticator.claimMappings
  const uses = (claim: string): boolean =>
    username.kind === 'claim'
      ? username.claim === claim
      : language.usesClaim(username.expression, claim)
  const remarks: Remark[] = []
  if (username.kind === 'expression' && language.usesAllClaims(username.expression)) {
    remarks.push(
      remark('mutable-username', `${path}.username`, {
        message: 'The expression may use any claim, those that users can change themselves, too.',
        remedy: 'Name the claims that it uses, as in claims.sub.',
      }),
    )
    return remarks
  }
  const mutable = mutableClaims.find(uses)
  if (mutable !== undefined) {
    remarks.push(
      remark('mutable-username', `${path}.username`, {
        message: `Users of most providers can change the claim ${mutable} themselves, and two of them can have the same one: whoever renames himself to an administrator is one.`,
        remedy: 'Use sub, or a claim that only the administrator of the provider can set.',
      }),
    )
  }
  if (uses('email') && isTakenUnverified(authenticator, language)) {
    remarks.push(
      remark('unverified-email', `${path}.username`, {
        message:
          'A token without email_verified is accepted, so whoever types an address at the provider may be its owner here.',
        remedy:
          'Add the claim validation rule "has(claims.email_verified) && claims.email_verified == true".',
      }),
    )
  }
  if (uses('email') && isShortened(authenticator, language)) {
    remarks.push(
      remark('shortened-email', `${path}.username`, {
        message:
          'Two addresses make one user name, so whoever has john@ at any domain of his own is john here.',
        remedy:
          'Use the whole address, or add a claim validation rule such as "claims.email.endsWith(\'@corp.example\')".',
      }),
    )
  }
  if (uses('preferred_username') || uses('upn')) {
    remarks.push(
      remark('renamable-username', `${path}.username`, {
        message:
          'Some providers let users change this name, and give the name of somebody who left to somebody else.',
        remedy: 'Make sure that yours does not, or use sub.',
      }),
    )
  }
  return remarks
}
