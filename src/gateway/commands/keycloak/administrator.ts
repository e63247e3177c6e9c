import { resolve } from 'node:path'
import { OidcLoginError } from '../../../errors.ts'
import type { System } from '../../../system/index.ts'
import type { Administrator } from '../../keycloak/index.ts'
import { readText } from '../../server/index.ts'
import type { GatewayOptionValues } from '../command-spec.ts'

/**
 * Who administers Keycloak, by the options of `keycloak`. No secret is ever an option: everybody on this
 * computer could read it.
 *
 * @param place Keycloak and the realm, for the question
 * @throws OidcLoginError `usage_invalid`, `file_unreadable`, `terminal_unavailable`, `interrupted`
 */
export async function administratorOf(
  system: System,
  options: GatewayOptionValues,
  place: string,
): Promise<Administrator> {
  const username = options.text('admin-user')
  const clientId = options.text('admin-client')
  const token = system.env.OIDC_GATEWAY_ADMIN_TOKEN?.trim()
  if (username !== undefined && clientId !== undefined) {
    throw new OidcLoginError(
      'usage_invalid',
      'Either --admin-user or --admin-client, and not both.',
    )
  }
  if (username !== undefined) {
    const password = await secretOf(system, options, {
      name: 'admin-password',
      question: `Password of ${username} at ${place}: `,
    })
    return { kind: 'password', username, password }
  }
  if (clientId !== undefined) {
    const clientSecret = await secretOf(system, options, {
      name: 'admin-client-secret',
      question: `Secret of the client ${clientId} at ${place}: `,
    })
    return { kind: 'client', clientId, clientSecret }
  }
  if (token) return { kind: 'token', token }
  throw new OidcLoginError('usage_invalid', 'Nobody is named who may administer Keycloak.', {
    hint: 'Give --admin-user or --admin-client, or a token in the variable OIDC_GATEWAY_ADMIN_TOKEN; --print needs none.',
  })
}

/** A secret, and how it is asked for. */
export interface WantedSecret {
  /** Name of its variable; with `-file`, of its option. */
  readonly name: string
  readonly question: string
}

/**
 * A secret from the file of an option, the environment, or the terminal.
 *
 * @throws OidcLoginError `usage_invalid` for an empty one, `file_unreadable`, `terminal_unavailable`,
 *   `interrupted`
 */
export async function secretOf(
  system: System,
  options: GatewayOptionValues,
  { name, question }: WantedSecret,
): Promise<string> {
  const variable = `OIDC_GATEWAY_${name.toUpperCase().replaceAll('-', '_')}`
  const file = options.text(`${name}-file`)
  const given =
    file === undefined
      ? system.env[variable]
      : readText(system, resolve(file)).replace(/\r?\n$/, '')
  const secret = given || (await typed(system, question, `--${name}-file or ${variable}`))
  if (secret !== '') return secret
  throw new OidcLoginError('usage_invalid', `The ${name.replaceAll('-', ' ')} is empty.`, {
    hint: `Type it, or give --${name}-file or the variable ${variable}.`,
  })
}

async function typed(system: System, text: string, otherwise: string): Promise<string> {
  const signal = system.interrupted
  const answer = await system.terminal.ask({ text, isHidden: true, signal })
  if (answer !== undefined) return answer
  throw new OidcLoginError(
    'terminal_unavailable',
    'To type a password, a terminal is needed, and there is none.',
    { hint: `Give ${otherwise}.` },
  )
}
