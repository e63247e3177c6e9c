import { OidcLoginError } from '../errors.ts'
import type { PresentedTokens } from '../login/index.ts'
import { type ReadingSystem, type System, sha256Hex } from '../system/index.ts'
import type { OptionValues } from './given-options.ts'
import { readToken } from './named-file.ts'
import { environmentVariable } from './option-spec.ts'
import { tokenTypeUri } from './token-type.ts'

/** Where such tokens are. */
type Readers = ReadingSystem & Pick<System, 'env'>

/** The options that only one grant uses, and that grant. int128/kubelogin has none of them. */
const ownedOptions: readonly (readonly [option: string, grant: string])[] = [
  ['assertion-file', 'jwt-bearer'],
  ['subject-token-file', 'token-exchange'],
  ['subject-token-type', 'token-exchange'],
  ['actor-token-file', 'token-exchange'],
  ['actor-token-type', 'token-exchange'],
  ['requested-token-type', 'token-exchange'],
]

/**
 * Reads the tokens that a grant presents in the place of a person: from the file that an option
 * names, which others replace while we are not looking, or from the environment. They are never
 * arguments, which every user of the computer can see.
 *
 * @returns undefined for all other grants
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`
 */
export function presentedTokens(
  system: Readers,
  options: OptionValues,
): PresentedTokens | undefined {
  const grant = options.text('grant-type') ?? 'auto'
  refuseForeignOptions(options, grant)
  const parameters = parametersOf(system, options, grant)
  if (parameters === undefined) return undefined
  const text = JSON.stringify(Object.entries(parameters).sort())
  return { parameters, digest: sha256Hex(text) }
}

function parametersOf(
  system: Readers,
  options: OptionValues,
  grant: string,
): Readonly<Record<string, string>> | undefined {
  if (grant === 'jwt-bearer') return { assertion: mandatoryToken(system, options, 'assertion') }
  if (grant !== 'token-exchange') return undefined
  const actor = tokenOf(system, options, 'actor-token')
  const actorType = options.text('actor-token-type')
  if (actor === undefined && actorType !== undefined) throw missing('actor-token')
  return {
    subject_token: mandatoryToken(system, options, 'subject-token'),
    subject_token_type: tokenTypeUri(options.text('subject-token-type') ?? 'access_token'),
    ...(actor === undefined
      ? {}
      : { actor_token: actor, actor_token_type: tokenTypeUri(actorType ?? 'access_token') }),
  }
}

function mandatoryToken(system: Readers, options: OptionValues, name: string): string {
  const token = tokenOf(system, options, name)
  if (token === undefined) throw missing(name)
  return token
}

function tokenOf(system: Readers, options: OptionValues, name: string): string | undefined {
  const variable = environmentVariable({ name })
  const direct = system.env[variable]?.trim() || undefined
  const path = options.text(`${name}-file`)
  if (path === undefined) return direct
  if (direct !== undefined) {
    throw new OidcLoginError('usage_invalid', `--${name}-file and ${variable} exclude each other.`)
  }
  return readToken(system, path)
}

function missing(name: string): OidcLoginError {
  return new OidcLoginError('usage_invalid', `The option --${name}-file is missing.`, {
    hint: `Give it, or the token itself as ${environmentVariable({ name })} in the environment.`,
  })
}

function refuseForeignOptions(options: OptionValues, grant: string): void {
  for (const [option, owner] of ownedOptions) {
    if (owner === grant || options.text(option) === undefined) continue
    throw new OidcLoginError(
      'usage_invalid',
      `The options contradict each other: --${option} needs --grant-type=${owner}.`,
      { hint: `The grant type is ${grant}. The option may also come from the environment.` },
    )
  }
}
