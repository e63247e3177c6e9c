import { resolve } from 'node:path'
import { OidcLoginError } from '../../../errors.ts'
import { printable } from '../../../printable.ts'
import type { System } from '../../../system/index.ts'
import { celLanguage } from '../../claims/index.ts'
import { type LoadedConfiguration, loadConfiguration } from '../../config/index.ts'
import {
  type AdminApi,
  type Connection,
  findUser,
  type GatewayFacts,
  gatewayYaml,
  issuerOf,
  type Wish,
} from '../../keycloak/index.ts'
import type { GatewayOptionValues } from '../command-spec.ts'

/** Where a realm is, and what is wanted of it. */
export interface Made {
  readonly connection: Connection
  readonly api: AdminApi
  readonly wish: Wish
  readonly settings: ConfigurationSettings
}

/** What somebody wants of the configuration that is printed. */
export type ConfigurationSettings = Omit<GatewayFacts, 'issuer'>

/**
 * What the options want of it, tried before anything is changed.
 *
 * @param certificateAuthority PEM; undefined when Keycloak is publicly trusted
 * @throws OidcLoginError `configuration_invalid`
 */
export function configurationSettings(
  system: System,
  options: GatewayOptionValues,
  { realm, clientId }: Wish,
  certificateAuthority: string | undefined,
): ConfigurationSettings {
  const prefix = options.text('prefix') ?? ''
  const claim = options.text('username-claim')
  const settings: ConfigurationSettings = {
    clientId,
    clusterName: realm.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'kubernetes',
    server: options.text('server'),
    certificateAuthority,
    usernameClaim: claim === 'preferred_username' ? claim : 'sub',
    prefix: prefix === '-' ? '' : prefix,
  }
  load(system, gatewayYaml({ ...settings, issuer: 'https://sso.example.com/realms/demo' }))
  return settings
}

/**
 * Prints the configuration of a gateway for a realm to stdout, and to stderr what `serve` would say of it
 * and what comes next.
 *
 * @throws OidcLoginError `realm_unsuitable` for an issuer that Kubernetes does not take, and those of the
 *   connection
 */
export async function printConfiguration(
  system: System,
  { connection, api, wish, settings }: Made,
): Promise<void> {
  const issuer = await issuerOf(connection, wish.realm)
  if (!issuer.startsWith('https://')) throw plainIssuer(issuer)
  const text = gatewayYaml({ ...settings, issuer })
  const { remarks } = load(system, text)
  system.terminal.stdout(text)
  for (const { path, message, remedy } of remarks) {
    system.terminal.stderr(`warning: ${path}: ${message} ${remedy}`)
  }
  if (wish.testUser !== undefined) {
    const { usernameClaim, prefix } = settings
    const { id } = (await findUser(api, wish.testUser)) ?? {}
    const name = usernameClaim === 'sub' ? String(id) : wish.testUser
    system.terminal.stderr(`RBAC knows ${wish.testUser} as the user "${prefix}${name}".`)
  }
  for (const group of wish.groups) {
    const name = wish.tellsFullGroupPath ? `/${group}` : group
    system.terminal.stderr(
      `RBAC knows the members of ${group} as the group "${settings.prefix}${name}".`,
    )
  }
  system.terminal.stderr(
    'Next: keep what was printed as gateway.yaml, and install a gateway with it (docs/gateway.md).',
  )
}

function load(system: System, text: string): LoadedConfiguration {
  const context = { files: system.files, language: celLanguage, text }
  return loadConfiguration(resolve('gateway.yaml'), context)
}

function plainIssuer(issuer: string): OidcLoginError {
  return new OidcLoginError(
    'realm_unsuitable',
    `Keycloak calls itself ${printable(issuer)}, and Kubernetes takes only issuers with https.`,
    {
      hint: 'Give Keycloak a certificate, and its https address as "hostname". What was done stays.',
    },
  )
}
